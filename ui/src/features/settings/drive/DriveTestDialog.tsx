import { Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { type DriveAccount, type DriveTestStep, type DriveTestStepName, useApi } from "../../../api";
import { ConnectDrive } from "../../../components/drive/ConnectDrive";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { IconCheck, IconExclude, IconStop } from "../../../components/icons";
import { useJobMutation, useJobState } from "../../../components/jobs";
import { keys } from "../../../components/queryKeys";
import classes from "./Drive.module.css";

const STEPS: { step: DriveTestStepName; label: string }[] = [
  { step: "client", label: "OAuth client" },
  { step: "sign_in", label: "Sign-in" },
  { step: "account", label: "Account" },
  { step: "my_drive", label: "My Drive" },
  { step: "shared_drives", label: "Shared drives" },
];
const STATES = { ok: "passed", failed: "failed", skipped: "not tried", waiting: "waiting", now: "at work" };
type State = keyof typeof STATES;
const SIGNS: Record<State, ReactNode> = {
  ok: <IconCheck size={18} />,
  failed: <IconStop size={18} />,
  skipped: <IconExclude size={16} />,
  waiting: null,
  now: <Loader size={16} />,
};

type StepProps = { step: DriveTestStepName; label: string; state: State; told?: DriveTestStep };

function Step({ step, label, state, told }: StepProps) {
  return (
    <li className={classes.step} data-state={state} data-testid={`drive-test-step-${step}`}>
      <span className={classes.sign}>{SIGNS[state]}</span>
      <div>
        <Text size="sm" fw={600}>
          {label}
          <span className="visually-hidden">: {STATES[state]}</span>
        </Text>
        {told && <Text size="sm">{told.message}</Text>}
        {told?.help && (
          <Text size="sm" c="dimmed">
            {told.help}
          </Text>
        )}
      </div>
    </li>
  );
}

/** Tries an account step by step, and tells what was done. */
export function DriveTestDialog({ account, onClose }: { account: DriveAccount; onClose: () => void }) {
  const api = useApi();
  const client = useQueryClient();
  const name = `drive-test-${account.id}`;
  const test = useJobMutation(
    name,
    (_: null, job) => api.driveTest(account.id, job),
    () => client.invalidateQueries({ queryKey: keys.driveAccounts }),
  );
  const { state, cancel } = useJobState(name);
  const { mutate } = test;
  useEffect(() => mutate(null), [mutate]);
  const report = test.isPending ? undefined : test.data;
  const now = STEPS.findIndex(({ step }) => step === state?.progress?.stage);
  const stateOf = (told: DriveTestStep | undefined, index: number): State => {
    if (told) return told.state;
    return test.isPending && index === Math.max(now, 0) ? "now" : "waiting";
  };
  const close = () => {
    cancel();
    onClose();
  };
  return (
    <Modal opened onClose={close} title={`Test of ${account.email || account.name}`}>
      <Stack>
        <ErrorNotice error={test.failure} />
        <ol className={classes.steps} aria-label="Steps of the test">
          {STEPS.map(({ step, label }, index) => {
            const told = report?.steps.find((tried) => tried.step === step);
            return <Step key={step} step={step} label={label} state={stateOf(told, index)} told={told} />;
          })}
        </ol>
        <div role="status" data-testid="drive-test-outcome">
          {report && (
            <Text fw={600}>
              {report.ok ? "Lists can be imported from there. Nothing was changed." : "It does not work yet."}
            </Text>
          )}
        </div>
        {report?.code === "signed_out" && (
          <ConnectDrive label="Sign in again" onConnected={() => mutate(null)} />
        )}
        <Group justify="flex-end">
          {test.isPending ? (
            <Button variant="default" onClick={cancel}>
              Cancel
            </Button>
          ) : (
            <Button variant="default" onClick={() => mutate(null)}>
              Test again
            </Button>
          )}
          <Button onClick={close} data-testid="drive-test-close">
            Close
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
