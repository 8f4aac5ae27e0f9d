import { Modal, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type ImportSummary, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { FormActions } from "../../components/FormActions";
import { keepImport } from "../../components/queryKeys";

/** Gives an import another name. */
export function RenameImport({ target, onClose }: { target: ImportSummary; onClose: () => void }) {
  const api = useApi();
  const client = useQueryClient();
  const [name, setName] = useState(target.name);
  const rename = useMutation({
    mutationFn: () => api.importRename(target.id, name.trim()),
    onSuccess: (view) => {
      keepImport(client, view);
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title="Rename import">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) rename.mutate();
        }}
      >
        <Stack>
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
            data-testid="rename-input"
          />
          <ErrorNotice error={rename.error} />
          <FormActions onClose={onClose} disabled={!name.trim()} loading={rename.isPending}>
            Rename
          </FormActions>
        </Stack>
      </form>
    </Modal>
  );
}
