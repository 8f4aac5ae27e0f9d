import { Button, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type ScheduleView, type TimerReport, useApi } from "../../../api";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { IconPlus } from "../../../components/icons";
import { keys } from "../../../components/queryKeys";
import { Section } from "../Section";
import { RemoveSchedule } from "./RemoveSchedule";
import { ScheduleDialog } from "./ScheduleDialog";
import { ScheduleRow } from "./ScheduleRow";
import { ScheduleTestDialog } from "./ScheduleTestDialog";
import { TimerDialog } from "./TimerDialog";

/** What a person does with a schedule, and with which. */
export type Doing =
  | { what: "add" }
  | { what: "edit" | "test" | "remove"; schedule: ScheduleView }
  | { what: "timer"; report: TimerReport };

/** Runs begin without the person, so the list looks again by itself. */
const LOOK_AGAIN_MS = 15_000;

type DialogProps = { doing: Doing; onDo: (doing: Doing) => void; onClose: () => void };

function Dialog({ doing, onDo, onClose }: DialogProps) {
  const onTimer = (report: TimerReport) =>
    report.done.length + report.by_hand.length > 0 ? onDo({ what: "timer", report }) : onClose();
  switch (doing.what) {
    case "add":
      return <ScheduleDialog onSaved={onTimer} onClose={onClose} />;
    case "edit":
      return <ScheduleDialog schedule={doing.schedule} onSaved={onTimer} onClose={onClose} />;
    case "test":
      return <ScheduleTestDialog schedule={doing.schedule} onClose={onClose} />;
    case "remove":
      return <RemoveSchedule schedule={doing.schedule} onRemoved={onTimer} onClose={onClose} />;
    case "timer":
      return <TimerDialog report={doing.report} onClose={onClose} />;
  }
}

/** Recipes that run by themselves. */
export function SchedulesSection() {
  const api = useApi();
  const schedules = useQuery({
    queryKey: keys.schedules,
    queryFn: () => api.scheduleList(),
    refetchInterval: LOOK_AGAIN_MS,
  });
  const [doing, setDoing] = useState<Doing | null>(null);
  return (
    <Section
      title="Schedule"
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={16} />}
          onClick={() => setDoing({ what: "add" })}
          data-testid="schedule-add"
        >
          Add a schedule
        </Button>
      }
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          A schedule runs a recipe at a time of the day: while this app is open, or by a timer of the
          operating system. What the app missed while it was closed, it makes up for once.
        </Text>
        <ErrorNotice error={schedules.error} retry={() => schedules.refetch()} />
        {schedules.isPending && <Skeleton height={56} />}
        {schedules.data?.map((schedule) => (
          <ScheduleRow key={schedule.name} schedule={schedule} onDo={setDoing} />
        ))}
      </Stack>
      {doing && <Dialog doing={doing} onDo={setDoing} onClose={() => setDoing(null)} />}
    </Section>
  );
}
