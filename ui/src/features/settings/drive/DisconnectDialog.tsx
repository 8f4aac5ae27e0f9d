import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { type DriveAccount, useApi } from "../../../api";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { useJobMutation } from "../../../components/jobs";
import { keys } from "../../../components/queryKeys";

/** Asks before a sign-in is taken back. */
export function DisconnectDialog({ account, onClose }: { account: DriveAccount; onClose: () => void }) {
  const api = useApi();
  const client = useQueryClient();
  const name = account.email || account.name;
  const disconnect = useJobMutation(
    "drive-disconnect",
    (_: undefined, job) => api.driveDisconnect(account.id, job),
    ({ accounts, not_revoked }) => {
      client.setQueryData(keys.driveAccounts, accounts);
      client.removeQueries({ queryKey: keys.driveItems });
      if (not_revoked)
        notifications.show({
          title: `${name} is disconnected here, but Google does not know that`,
          message: `${not_revoked}. Remove Muster at myaccount.google.com, Security, Third-party access.`,
          color: "yellow",
          autoClose: false,
        });
      else notifications.show({ message: `${name} is disconnected, here and at Google.` });
      onClose();
    },
  );
  return (
    <Modal opened onClose={onClose} title={`Disconnect ${name}?`}>
      <Stack>
        <Text size="sm">
          The sign-in is taken back at Google and removed from the keychain. Lists that were imported stay in
          their imports; whether they change in Google Drive is not known any more.
        </Text>
        <ErrorNotice error={disconnect.failure} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            color="red"
            loading={disconnect.isPending}
            onClick={() => disconnect.mutate(undefined)}
            data-testid="drive-disconnect-confirm"
          >
            Disconnect
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
