import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ScheduleView, type TimerReport, useApi } from "../../../api";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { keys } from "../../../components/queryKeys";

type Props = { schedule: ScheduleView; onRemoved: (report: TimerReport) => void; onClose: () => void };

/** Asks before a schedule is removed. */
export function RemoveSchedule({ schedule, onRemoved, onClose }: Props) {
  const api = useApi();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.scheduleRemove(schedule.name),
    onSuccess: (report) => {
      client.invalidateQueries({ queryKey: keys.schedules });
      onRemoved(report);
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Remove ${schedule.name}?`}>
      <Stack>
        <Text size="sm">
          It does not run any more, and its timer is removed. The recipe, and what was pushed, stay as they
          are.
        </Text>
        <ErrorNotice error={remove.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            color="red.9"
            loading={remove.isPending}
            onClick={() => remove.mutate()}
            data-testid="schedule-remove-confirm"
          >
            Remove schedule
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
