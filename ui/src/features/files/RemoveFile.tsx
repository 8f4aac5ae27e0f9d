import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FileView, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { keepImport } from "../../components/queryKeys";

/** Asks before a file leaves the import. */
export function RemoveFile({
  importId,
  file,
  onClose,
}: {
  importId: number;
  file: FileView;
  onClose: () => void;
}) {
  const api = useApi();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.fileRemove(importId, file.id),
    onSuccess: (view) => {
      keepImport(client, view, "files");
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Remove “${file.name}”?`}>
      <Stack>
        <Text size="sm">
          Its rows leave this import, and steps made for them no longer find them. The file itself stays where
          you keep it; you can add it again.
        </Text>
        <ErrorNotice error={remove.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button
            color="red.9"
            loading={remove.isPending}
            onClick={() => remove.mutate()}
            data-testid="file-remove-confirm"
          >
            Remove file
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
