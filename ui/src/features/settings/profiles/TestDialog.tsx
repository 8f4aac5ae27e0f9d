import { Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { type Driver, type ProfileTestStep, type ProfileView, type TestStep, useApi } from "../../../api";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { IconCheck, IconExclude, IconStop } from "../../../components/icons";
import { useJobMutation, useJobState } from "../../../components/jobs";
import classes from "./Profiles.module.css";
import type { Doing } from "./ProfilesSection";

const STEP_LABELS: Record<ProfileTestStep, string> = {
  name: "Name of the server",
  network: "Network",
  tls: "Encryption",
  login: "Login",
  folder: "Folder",
  file: "File",
  permission: "Permissions",
  schema: "Tables",
};
const STEPS: Record<Driver, ProfileTestStep[]> = {
  sqlite: ["folder", "file", "schema"],
  postgres: ["name", "network", "tls", "login", "permission", "schema"],
};
const STATE_LABELS = {
  ok: "passed",
  failed: "failed",
  skipped: "not tried",
  waiting: "waiting",
  now: "at work",
};
type State = keyof typeof STATE_LABELS;
const SIGNS: Record<State, ReactNode> = {
  ok: <IconCheck size={18} />,
  failed: <IconStop size={18} />,
  skipped: <IconExclude size={16} />,
  waiting: null,
  now: <Loader size={16} />,
};

function Step({ step, state, told }: { step: ProfileTestStep; state: State; told?: TestStep }) {
  return (
    <li className={classes.step} data-state={state} data-testid={`test-${step}`}>
      <span className={classes.sign}>{SIGNS[state]}</span>
      <div>
        <Text size="sm" fw={600}>
          {STEP_LABELS[step]}
          <span className="visually-hidden">: {STATE_LABELS[state]}</span>
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

type Props = { profile: ProfileView; onDo: (doing: Doing) => void; onClose: () => void };

/** Tries a profile step by step. */
export function TestDialog({ profile, onDo, onClose }: Props) {
  const api = useApi();
  const name = `test-${profile.name}`;
  const test = useJobMutation(name, (_: null, job) => api.profileTest(profile.name, job));
  const { state, cancel } = useJobState(name);
  const { mutate } = test;
  useEffect(() => mutate(null), [mutate]);
  const steps = STEPS[profile.driver];
  const now = steps.indexOf(state?.progress?.stage as ProfileTestStep);
  const report = test.isPending ? undefined : test.data;
  const stateOf = (step: ProfileTestStep, index: number): State => {
    const told = report?.steps.find((tried) => tried.step === step);
    if (told) return told.state;
    return test.isPending && index === Math.max(now, 0) ? "now" : "waiting";
  };
  const close = () => {
    cancel();
    onClose();
  };
  const noPassword = report?.steps.some((step) => step.step === "login" && step.state === "failed");
  return (
    <Modal opened onClose={close} title={`Test of ${profile.name}`}>
      <Stack>
        <ErrorNotice error={test.failure} />
        <ol className={classes.steps} aria-label="Steps of the test">
          {steps.map((step, index) => (
            <Step
              key={step}
              step={step}
              state={stateOf(step, index)}
              told={report?.steps.find((tried) => tried.step === step)}
            />
          ))}
        </ol>
        <div role="status" data-testid="test-outcome">
          {report && (
            <Text fw={600}>
              {report.ok ? "A push can go there. Nothing was written." : "A push cannot go there yet."}
            </Text>
          )}
        </div>
        <Group justify="flex-end">
          {noPassword && (
            <Button variant="default" onClick={() => onDo({ what: "secret", profile })}>
              Set password…
            </Button>
          )}
          {test.isPending ? (
            <Button variant="default" onClick={cancel}>
              Cancel
            </Button>
          ) : (
            <Button variant="default" onClick={() => mutate(null)} data-testid="test-again">
              Test again
            </Button>
          )}
          <Button onClick={close}>Close</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
