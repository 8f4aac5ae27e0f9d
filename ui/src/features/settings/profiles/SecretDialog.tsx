import { Modal, PasswordInput, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type ProfileView, useApi } from "../../../api";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { FormActions } from "../../../components/FormActions";
import { keys } from "../../../components/queryKeys";

/** Takes a password for the keychain. It is never shown again, and not kept in the window. */
export function SecretDialog({ profile, onClose }: { profile: ProfileView; onClose: () => void }) {
  const api = useApi();
  const client = useQueryClient();
  const [secret, setSecret] = useState("");
  const save = useMutation({
    mutationFn: () => api.profileSetSecret(profile.name, secret),
    // Nothing of it stays in the cache of mutations.
    gcTime: 0,
    onSuccess: () => {
      client.invalidateQueries({ queryKey: keys.withSecret });
      notifications.show({ message: `The password of ${profile.name} is in the keychain.` });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Password of ${profile.name}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (secret) save.mutate();
        }}
      >
        <Stack>
          <Text size="sm">
            Muster keeps it in this computer’s keychain and nowhere else. It replaces a former one, and is not
            shown again.
          </Text>
          <PasswordInput
            label={`Password of ${profile.settings.user} on ${profile.settings.host}`}
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
            data-testid="secret-input"
            visibilityToggleButtonProps={{ "aria-label": "Show what is typed" }}
          />
          <ErrorNotice error={save.error} />
          <FormActions
            onClose={onClose}
            disabled={!secret}
            loading={save.isPending}
            data-testid="secret-save"
          >
            Keep in the keychain
          </FormActions>
        </Stack>
      </form>
    </Modal>
  );
}
