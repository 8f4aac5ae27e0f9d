import { Checkbox, Paper, SegmentedControl, Stack, Text } from "@mantine/core";
import type { PushChoice, PushMode } from "../../api";
import { MODE_LABELS } from "../../components/labels";

/** What happens to members who are in the database already. */
export function ModeChoice({ how, onChange }: { how: PushChoice; onChange: (how: PushChoice) => void }) {
  return (
    <Paper withBorder p="md" component="section" aria-label="Members who are there already">
      <Stack gap={8}>
        <SegmentedControl
          aria-label="What happens to members who are there already"
          value={how.mode}
          onChange={(mode) => onChange({ mode: mode as PushMode, remove_missing: false })}
          data={Object.entries(MODE_LABELS).map(([value, { label }]) => ({ value, label }))}
          data-testid="push-mode"
        />
        <Text size="sm" c="dimmed">
          {MODE_LABELS[how.mode].meaning}
        </Text>
        {how.mode === "mirror" && (
          <Checkbox
            label="Also remove members whom the lists do not have any more"
            description="You will be asked once more, by name, before anybody is removed."
            checked={how.remove_missing}
            onChange={(event) => onChange({ ...how, remove_missing: event.currentTarget.checked })}
            data-testid="remove-missing"
          />
        )}
      </Stack>
    </Paper>
  );
}
