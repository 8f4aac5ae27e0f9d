import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { type RejectView, useApi } from "../../api";
import { asUserError } from "../../components/errors";
import { IconUndo } from "../../components/icons";
import { useJobMutation } from "../../components/jobs";
import { keys } from "../../components/queryKeys";

const NOTICE = "reject-dismissed";

function sayDismissed(undo: () => void) {
  notifications.hide(NOTICE);
  notifications.show({
    id: NOTICE,
    autoClose: 20_000,
    withCloseButton: true,
    closeButtonProps: { "aria-label": "Close" },
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">The row was dismissed.</Text>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconUndo size={14} />}
          onClick={() => {
            notifications.hide(NOTICE);
            undo();
          }}
          data-testid="dismiss-undo"
        >
          Undo
        </Button>
      </Group>
    ),
  });
}

/** Puts a row away, which can be taken back at once or later. */
export function useDismiss() {
  const api = useApi();
  const client = useQueryClient();
  const done = (view: RejectView) => {
    client.setQueryData(keys.reject(view.id), view);
    client.invalidateQueries({ queryKey: keys.rejects });
  };
  return useJobMutation(
    "reject-dismiss",
    ({ view, dismissed }: { view: RejectView; dismissed: boolean }, job) =>
      api.rejectDismiss(view.id, dismissed, job),
    (changed, { dismissed }) => {
      done(changed);
      if (!dismissed) return;
      sayDismissed(() => {
        api.rejectDismiss(changed.id, false, crypto.randomUUID()).then(done, (reason) => {
          const { message, help } = asUserError(reason);
          notifications.show({ title: message, message: help, color: "red", autoClose: 10_000 });
        });
      });
    },
  );
}
