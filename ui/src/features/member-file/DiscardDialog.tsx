import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { FileVersion } from "../../api";
import { moment, plural } from "../../components/format";

/** Something that takes the place of the rows as they are now. */
export type Discard = { kind: "open" | "reload" | "close" } | { kind: "restore"; version: FileVersion };

/** Changes that nobody wants any more. */
type Unwanted = Discard | { kind: "draft" };

const TITLES: Record<Unwanted["kind"], string> = {
  open: "Open another file?",
  reload: "Reload the file?",
  close: "Close the file?",
  restore: "Restore this version?",
  draft: "Discard the changes?",
};
const CONFIRM: Record<Unwanted["kind"], string> = {
  open: "Open another file",
  reload: "Reload",
  close: "Close without saving",
  restore: "Restore",
  draft: "Discard",
};

type Props<T extends Unwanted> = {
  what: T | null;
  unsaved: number;
  onClose: () => void;
  onConfirm: (what: T) => void;
};

/** Asks before changes that are not saved are lost, and before a version is restored. */
export function DiscardDialog<T extends Unwanted>({ what, unsaved, onClose, onConfirm }: Props<T>) {
  return (
    <Modal opened={what !== null} onClose={onClose} title={what ? TITLES[what.kind] : ""}>
      {what && (
        <Stack>
          {what.kind === "restore" && (
            <Text>
              The version that was replaced on {moment(what.version.replaced)} becomes the file again. The
              file as it is on the disk now is kept as a previous version.
            </Text>
          )}
          {unsaved > 0 && (
            <Text>
              {plural(unsaved, "row is", "rows are")} not saved yet.{" "}
              {unsaved === 1 ? "That change" : "Those changes"} will be lost.
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} data-autofocus>
              Cancel
            </Button>
            <Button
              color={unsaved > 0 ? "red" : undefined}
              onClick={() => onConfirm(what)}
              data-testid="member-discard"
            >
              {CONFIRM[what.kind]}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
