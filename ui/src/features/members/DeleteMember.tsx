import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { type MemberView, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { asUserError } from "../../components/errors";
import { plural } from "../../components/format";
import { IconUndo } from "../../components/icons";
import { useJobMutation } from "../../components/jobs";
import { Private } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import { useConfirmProfile } from "./ConfirmProfile";
import { nameOf } from "./fields";

type Undo = { entry: number; confirmed: string | null };

/** Takes back an entry of the ledger, and says so. */
export function useUndo(done?: () => void) {
  const api = useApi();
  const client = useQueryClient();
  const undo = useJobMutation(
    "member-undo",
    ({ entry, confirmed }: Undo, job) => api.undo(entry, false, confirmed, job),
    (report) => {
      client.invalidateQueries({ queryKey: keys.members });
      client.invalidateQueries({ queryKey: keys.history });
      const message =
        report.kept > 0 ? "Somebody changed the member since: they stay as they are." : "Undone.";
      notifications.show({ message, color: report.kept > 0 ? "yellow" : undefined, autoClose: 5000 });
      done?.();
    },
  );
  return (what: Undo) =>
    undo.mutate(what, {
      onError: (reason) => {
        const { message, help } = asUserError(reason);
        notifications.show({ title: message, message: help, color: "red", autoClose: 10_000 });
      },
    });
}

const DONE = ["member-created", "member-saved", "member-deleted", "member-merged"] as const;

/** Says what was done, with a way to take it back. Only the last thing done is offered: one Undo at a time. */
export function sayDone(id: (typeof DONE)[number], message: string, undo: () => void) {
  for (const earlier of DONE) notifications.hide(earlier);
  notifications.show({
    id,
    autoClose: 20_000,
    withCloseButton: true,
    closeButtonProps: { "aria-label": "Close" },
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconUndo size={14} />}
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
          data-testid="member-undo"
        >
          Undo
        </Button>
      </Group>
    ),
  });
}

type Props = { view: MemberView; onClose: () => void; onDeleted: () => void; onBack: (id: number) => void };

/** Asks before a member is deleted; afterwards it can be undone. */
export function DeleteMember({ view, onClose, onDeleted, onBack }: Props) {
  const api = useApi();
  const client = useQueryClient();
  const confirm = useConfirmProfile();
  const undo = useUndo(() => onBack(view.id));
  const remove = useJobMutation(
    "member-remove",
    (_: undefined, job) => api.memberRemove(view.id, view.version, confirm.confirmed, job),
    (written) => {
      onDeleted();
      client.invalidateQueries({ queryKey: keys.members });
      client.invalidateQueries({ queryKey: keys.history });
      const { entry } = written;
      if (entry !== null) {
        sayDone("member-deleted", "The member was deleted.", () =>
          undo({ entry, confirmed: confirm.confirmed }),
        );
      }
    },
  );
  return (
    <Modal opened onClose={onClose} title="Delete this member?">
      <Stack>
        <Text size="sm">
          <b>
            <Private value={nameOf(view)} field="full_name" />
          </b>{" "}
          is removed from the database with {plural(view.memberships.length, "membership")} and the history of
          scores. You can undo this, now or later in the History.
        </Text>
        {confirm.input}
        <ErrorNotice error={remove.failure} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button
            color="red.9"
            disabled={!confirm.ready}
            loading={remove.isPending}
            onClick={() => remove.mutate(undefined)}
            data-testid="member-delete-go"
          >
            Delete member
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
