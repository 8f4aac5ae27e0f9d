import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import type { TimerReport } from "../../../api";
import classes from "./Schedules.module.css";

/** What was done about a timer of the operating system, and what is left to the person. */
export function TimerDialog({ report, onClose }: { report: TimerReport; onClose: () => void }) {
  const byHand = report.by_hand.length > 0;
  return (
    <Modal opened onClose={onClose} title="Timer of the operating system">
      <Stack>
        {report.done.length > 0 && (
          <List size="sm" spacing={4} aria-label="What was done">
            {report.done.map((what) => (
              <List.Item key={what} className={classes.told}>
                {what}
              </List.Item>
            ))}
          </List>
        )}
        {report.done.length === 0 && !byHand && <Text size="sm">There was nothing to do.</Text>}
        {byHand && (
          <div role="status" data-testid="timer-by-hand">
            <Text size="sm" fw={600}>
              The system could not be told. Run this where you are logged in:
            </Text>
            {report.by_hand.map((command) => (
              <code key={command} className={classes.command}>
                {command}
                <br />
              </code>
            ))}
          </div>
        )}
        <Group justify="flex-end">
          <Button onClick={onClose} data-testid="timer-close">
            Close
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
