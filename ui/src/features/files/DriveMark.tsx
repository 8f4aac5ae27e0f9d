import { Button, Group, Text } from "@mantine/core";
import type { DriveState, FileView } from "../../api";
import { ConnectDrive } from "../../components/drive/ConnectDrive";
import { moment } from "../../components/format";
import { IconRefresh } from "../../components/icons";
import { Pill } from "../../components/Pill";
import classes from "./FilesScreen.module.css";

type Props = {
  file: FileView;
  state: DriveState | undefined;
  busy: boolean;
  onUpdate: () => void;
  onSignedIn: () => void;
};

/** How a file is in Google Drive now, beside what was fetched of it. */
export function DriveMark({ file, state, busy, onUpdate, onSignedIn }: Props) {
  if (!state) return null;
  const when = state.modified ? ` (${moment(state.modified)})` : "";
  return (
    <div className={classes.drive} data-testid={`drive-mark-${file.id}`} data-status={state.status}>
      {state.status === "same" && <Pill tone="good">As in Google Drive</Pill>}
      {state.status === "changed" && (
        <Group gap="xs" justify="space-between">
          <Pill tone="warning">Changed in Google Drive{when}</Pill>
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconRefresh size={14} />}
            loading={busy}
            onClick={onUpdate}
            data-testid={`drive-update-${file.id}`}
          >
            Fetch the new version
          </Button>
        </Group>
      )}
      {state.status === "gone" && <Pill tone="error">Not in Google Drive any more</Pill>}
      {state.status === "signed_out" && (
        <Group gap="xs" justify="space-between">
          <Pill tone="error">Signed out of Google Drive</Pill>
          <ConnectDrive label="Sign in again" onConnected={onSignedIn} />
        </Group>
      )}
      {state.status === "unknown" && (
        <Text size="xs" c="dimmed">
          Whether it changed in Google Drive is not known. {state.message}
        </Text>
      )}
    </div>
  );
}
