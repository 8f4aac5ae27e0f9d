import { Button, Group, Paper, Progress, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { count, timeLeft } from "./format";
import { type JobState, useJobState } from "./jobs";
import { STAGE_LABELS } from "./labels";
import classes from "./ProgressPanel.module.css";

/** Work that ends sooner than this is not worth a flash of a panel. */
const SHOWN_AFTER_MS = 400;

function describe({ progress, cancelling }: JobState): string {
  if (cancelling) return "Cancelling…";
  if (!progress) return "Working…";
  if (progress.stage === "wait")
    return `Waiting for ${progress.waits_for ?? "another program"}, who is writing…`;
  const parts = [
    progress.total === null ? count(progress.done) : `${count(progress.done)} of ${count(progress.total)}`,
  ];
  if (progress.left !== null) parts.push(timeLeft(progress.left));
  return parts.join(" · ");
}

function Panel({ state, title, cancel }: { state: JobState; title: string; cancel: () => void }) {
  const { progress } = state;
  const share = progress?.total ? Math.min(100, (progress.done / progress.total) * 100) : null;
  const stage = progress ? (STAGE_LABELS[progress.stage] ?? progress.stage) : title;
  // Spoken in steps of ten percent: every event would drown the screen reader.
  const spoken = state.cancelling
    ? "Cancelling"
    : share === null
      ? stage
      : `${stage}, ${Math.floor(share / 10) * 10}%`;
  return (
    <>
      <Group justify="space-between" wrap="nowrap" gap="lg">
        <div className={classes.words}>
          <Text fw={600} className="one-line">
            {stage}
          </Text>
          <Text size="sm" c="dimmed" className="numeric">
            {describe(state)}
          </Text>
        </div>
        <Button variant="default" onClick={cancel} disabled={state.cancelling} data-testid="cancel-job">
          Cancel
        </Button>
      </Group>
      <Progress
        mt="sm"
        value={share ?? 100}
        animated={share === null}
        striped={share === null}
        aria-label={title}
        transitionDuration={200}
      />
      <output className="visually-hidden" aria-live="polite">
        {spoken}
      </output>
    </>
  );
}

/** Progress, time left and Cancel of the job `name`; `floating` lays it over the foot of the window. */
export function ProgressPanel({
  name,
  title,
  floating,
}: {
  name: string;
  title: string;
  floating?: boolean;
}) {
  const { state, cancel } = useJobState(name);
  // Which start it is shown for, and not the time: a timer may fire a moment before its time by the clock.
  const [shownFor, setShownFor] = useState<number>();
  const startedAt = state?.startedAt;
  useEffect(() => {
    if (startedAt === undefined) return;
    const timer = setTimeout(
      () => setShownFor(startedAt),
      Math.max(0, startedAt + SHOWN_AFTER_MS - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [startedAt]);
  if (!state || shownFor !== state.startedAt) return null;
  return (
    <Paper
      className={floating ? classes.floating : classes.inline}
      shadow={floating ? "lg" : undefined}
      withBorder
      p="md"
      data-testid="progress-panel"
    >
      <Panel state={state} title={title} cancel={cancel} />
    </Paper>
  );
}
