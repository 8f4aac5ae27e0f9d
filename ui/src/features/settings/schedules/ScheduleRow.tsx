import { ActionIcon, Button, Group, Menu, Switch, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ScheduleRun, type ScheduleView, type TimerReport, useApi } from "../../../api";
import { EnvironmentBadge } from "../../../components/EnvironmentBadge";
import { asUserError, isCancelled } from "../../../components/errors";
import { moment } from "../../../components/format";
import { IconDots, IconPencil, IconTrash } from "../../../components/icons";
import { useJobMutation, useJobState } from "../../../components/jobs";
import { Pill } from "../../../components/Pill";
import { keys } from "../../../components/queryKeys";
import { daysInWords } from "./days";
import classes from "./Schedules.module.css";
import type { Doing } from "./SchedulesSection";

type Props = { schedule: ScheduleView; onDo: (doing: Doing) => void };

/** What exit codes mean; all others are failures. */
const OUTCOMES: Record<number, { tone: "good" | "warning" | "error"; label: string }> = {
  0: { tone: "good", label: "Done" },
  3: { tone: "warning", label: "Done, some rows rejected" },
  4: { tone: "error", label: "Refused" },
  75: { tone: "warning", label: "Not done; may work next time" },
};
const FAILED = { tone: "error" as const, label: "Failed" };

function Last({ run }: { run: ScheduleRun | null }) {
  if (!run) return <Text size="sm">It has not run yet.</Text>;
  const { tone, label } = OUTCOMES[run.exit_code] ?? FAILED;
  return (
    <div>
      <Group gap="xs">
        <Text size="sm">Last run {moment(run.finished)}</Text>
        <Pill tone={tone}>{label}</Pill>
      </Group>
      <Text size="sm" className={classes.told}>
        {run.told}
      </Text>
      {run.note && (
        <Text size="sm" c="dimmed">
          {run.note}.
        </Text>
      )}
    </div>
  );
}

/** Changes a schedule on the spot; what went wrong is told. */
function useChanges({ schedule, onDo }: Props) {
  const api = useApi();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: keys.schedules });
  const onError = (reason: unknown) => {
    refresh();
    if (isCancelled(reason)) return;
    const { message, help } = asUserError(reason);
    notifications.show({ title: message, message: help, color: "red", autoClose: 8000 });
  };
  const pause = useMutation({
    mutationFn: () => api.schedulePause(schedule.name, !schedule.paused),
    onSuccess: refresh,
    onError,
  });
  const timer = useMutation({
    mutationFn: (on: boolean) => api.scheduleSetTimer(schedule.name, on),
    onSuccess: (report: TimerReport) => {
      refresh();
      onDo({ what: "timer", report });
    },
    onError,
  });
  return { pause, timer, refresh, onError };
}

function RowMenu({ schedule, onDo, pause }: Props & { pause: () => void }) {
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`More for ${schedule.name}`}
          data-testid={`schedule-menu-${schedule.name}`}
        >
          <IconDots />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => onDo({ what: "edit", schedule })}>
          Edit…
        </Menu.Item>
        <Menu.Item onClick={pause}>{schedule.paused ? "Resume" : "Pause"}</Menu.Item>
        <Menu.Item leftSection={<IconTrash size={16} />} onClick={() => onDo({ what: "remove", schedule })}>
          Remove schedule…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

type RunProps = { schedule: ScheduleView; onEnd: () => void; onError: (reason: unknown) => void };

function RunNow({ schedule, onEnd, onError }: RunProps) {
  const api = useApi();
  const name = `schedule-${schedule.name}`;
  const run = useJobMutation(name, (_: null, job) => api.scheduleRun(schedule.name, job), onEnd);
  const { state, cancel } = useJobState(name);
  if (state) {
    return (
      <Button size="xs" variant="default" onClick={cancel} loading={state.cancelling}>
        Cancel the run
      </Button>
    );
  }
  return (
    <Button
      size="xs"
      variant="default"
      onClick={() => run.mutateAsync(null).catch(onError)}
      data-testid={`schedule-run-${schedule.name}`}
    >
      Run now
    </Button>
  );
}

/** One schedule: when it runs, what became of it, and what can be done with it. */
export function ScheduleRow(props: Props) {
  const { schedule, onDo } = props;
  const { pause, timer, refresh, onError } = useChanges(props);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs
    <div
      className={classes.row}
      role="group"
      aria-label={schedule.name}
      data-testid={`schedule-${schedule.name}`}
    >
      <div className={classes.words}>
        <Group gap="xs">
          <Text fw={600}>{schedule.name}</Text>
          {schedule.environment && <EnvironmentBadge environment={schedule.environment} />}
          {schedule.paused && <Pill tone="warning">Paused</Pill>}
        </Group>
        <Text size="sm">
          {daysInWords(schedule.weekly)} at {schedule.daily}, to {schedule.profile}
          {schedule.next && ` · next ${moment(schedule.next)}`}
        </Text>
        <Text size="sm" c="dimmed" className={classes.told}>
          {schedule.recipe}
        </Text>
        <Last run={schedule.last} />
        <Switch
          mt="xs"
          size="sm"
          label="By a timer of the operating system, also while this app is closed"
          checked={schedule.os_timer}
          disabled={timer.isPending}
          onChange={(event) => timer.mutate(event.currentTarget.checked)}
          data-testid={`schedule-timer-${schedule.name}`}
        />
      </div>
      <Group gap={6} wrap="nowrap">
        <RunNow schedule={schedule} onEnd={refresh} onError={onError} />
        <Button
          size="xs"
          variant="default"
          onClick={() => onDo({ what: "test", schedule })}
          data-testid={`schedule-test-${schedule.name}`}
        >
          Test
        </Button>
        <RowMenu schedule={schedule} onDo={onDo} pause={() => pause.mutate()} />
      </Group>
    </div>
  );
}
