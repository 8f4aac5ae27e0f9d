import { Alert, Button, Group, Loader, Stack, Text } from "@mantine/core";
import type { DriveAccount } from "../../api";
import { ErrorNotice } from "../ErrorNotice";
import { IconPlus } from "../icons";
import { useJobState } from "../jobs";
import { CONNECT_JOB, useConnectDrive } from "./useDrive";

type Props = { label?: string; onConnected?: (account: DriveAccount) => void };

/** The button that opens the browser, and what to do there meanwhile. */
export function ConnectDrive({ label = "Connect a Google account", onConnected }: Props) {
  const connect = useConnectDrive(onConnected);
  const { state, cancel } = useJobState(CONNECT_JOB);
  if (state) {
    return (
      <Alert color="blue" variant="light" icon={<Loader size={18} />} title="Sign in with your browser">
        <Group justify="space-between" role="status">
          <Text size="sm">A page of Google’s has opened there. Allow Muster to see and download files.</Text>
          <Button
            size="xs"
            variant="default"
            onClick={cancel}
            loading={state.cancelling}
            data-testid="drive-connect-cancel"
          >
            Cancel
          </Button>
        </Group>
      </Alert>
    );
  }
  return (
    <Stack gap="sm" align="start">
      <Button
        size="xs"
        leftSection={<IconPlus size={16} />}
        onClick={() => connect.mutate(undefined)}
        data-testid="drive-connect"
      >
        {label}
      </Button>
      <ErrorNotice error={connect.failure} />
    </Stack>
  );
}
