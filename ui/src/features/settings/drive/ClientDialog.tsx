import { Modal, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../../api";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { FormActions } from "../../../components/FormActions";
import { keys } from "../../../components/queryKeys";

/** Takes the OAuth client's id, which goes to the settings, and its secret, which goes to the keychain. */
export function ClientDialog({ clientId, onClose }: { clientId: string; onClose: () => void }) {
  const api = useApi();
  const client = useQueryClient();
  const [id, setId] = useState(clientId);
  const [secret, setSecret] = useState("");
  const save = useMutation({
    mutationFn: () => api.driveSetClient(id.trim(), secret || null),
    // Nothing of it stays in the cache of mutations.
    gcTime: 0,
    onSuccess: (view) => {
      client.setQueryData(keys.driveClient, view);
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title="OAuth client for Google Drive">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (id.trim()) save.mutate();
        }}
      >
        <Stack>
          <TextInput
            label="Client id"
            description="Ends with .apps.googleusercontent.com; kept in config.yml"
            value={id}
            onChange={(event) => setId(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
            data-testid="drive-client-id"
          />
          <PasswordInput
            label="Client secret"
            description="As Google shows it for a desktop app; kept in the keychain. Leave it empty where there is none."
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
            autoComplete="off"
            data-testid="drive-client-secret"
            visibilityToggleButtonProps={{ "aria-label": "Show what is typed" }}
          />
          <ErrorNotice error={save.error} />
          <FormActions
            onClose={onClose}
            disabled={!id.trim()}
            loading={save.isPending}
            data-testid="drive-client-save"
          >
            Save
          </FormActions>
        </Stack>
      </form>
    </Modal>
  );
}
