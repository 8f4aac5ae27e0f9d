import { Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import type { TestedStep } from "../api";
import { ErrorNotice } from "./ErrorNotice";
import { IconCheck, IconExclude, IconStop } from "./icons";
import { useJobMutation, useJobState } from "./jobs";
import classes from "./StepTest.module.css";

/** What a test tells. */
type Report<S extends string> = { ok: boolean; steps: TestedStep<S>[] };

const STATES = { ok: "passed", failed: "failed", skipped: "not tried", waiting: "waiting", now: "at work" };
type State = keyof typeof STATES;
const SIGNS: Record<State, ReactNode> = {
  ok: <IconCheck size={18} />,
  failed: <IconStop size={18} />,
  skipped: <IconExclude size={16} />,
  waiting: null,
  now: <Loader size={16} />,
};

type StepProps<S extends string> = { step: S; label: string; state: State; told?: TestedStep<S> };

function Step<S extends string>({ step, label, state, told }: StepProps<S>) {
  return (
    <li className={classes.step} data-state={state} data-testid={`test-${step}`}>
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

type Props<S extends string, R extends Report<S>> = {
  /** The job; its stages are the steps */
  name: string;
  title: string;
  steps: { step: S; label: string }[];
  test: (job: string) => Promise<R>;
  onTested?: () => void;
  /** What it means that all worked, and that something did not */
  outcome: { ok: string; failed: string };
  /** What can be done about it: above the buttons, and among them */
  notice?: (report: R, again: () => void) => ReactNode;
  action?: (report: R) => ReactNode;
  onClose: () => void;
};

/** Tries something step by step, and tells what was done. */
export function StepTest<S extends string, R extends Report<S>>(props: Props<S, R>) {
  const { name, steps, outcome, notice, action, onClose } = props;
  const test = useJobMutation(name, (_: null, job) => props.test(job), props.onTested);
  const { state, cancel } = useJobState(name);
  const { mutate } = test;
  useEffect(() => mutate(null), [mutate]);
  const report = test.isPending ? undefined : test.data;
  const now = steps.findIndex(({ step }) => step === state?.progress?.stage);
  const stateOf = (told: TestedStep<S> | undefined, index: number): State => {
    if (told) return told.state;
    return test.isPending && index === Math.max(now, 0) ? "now" : "waiting";
  };
  const again = () => mutate(null);
  const close = () => {
    cancel();
    onClose();
  };
  return (
    <Modal opened onClose={close} title={props.title}>
      <Stack>
        <ErrorNotice error={test.failure} />
        <ol className={classes.steps} aria-label="Steps of the test">
          {steps.map(({ step, label }, index) => {
            const told = report?.steps.find((tried) => tried.step === step);
            return <Step key={step} step={step} label={label} state={stateOf(told, index)} told={told} />;
          })}
        </ol>
        <div role="status" data-testid="test-outcome">
          {report && <Text fw={600}>{report.ok ? outcome.ok : outcome.failed}</Text>}
        </div>
        {report && notice?.(report, again)}
        <Group justify="flex-end">
          {report && action?.(report)}
          {test.isPending ? (
            <Button variant="default" onClick={cancel}>
              Cancel
            </Button>
          ) : (
            <Button variant="default" onClick={again} data-testid="test-again">
              Test again
            </Button>
          )}
          <Button onClick={close} data-testid="test-close">
            Close
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
