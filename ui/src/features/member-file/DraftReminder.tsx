import { Anchor } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useEffect } from "react";
import { useDrafts } from "./Drafts";

const ID = "member-drafts";

/** Says once, when Muster starts, that there is something to go on with. */
export function DraftReminder({ onOpen }: { onOpen: () => void }) {
  const first = useDrafts().data?.[0];
  // biome-ignore lint/correctness/useExhaustiveDependencies: said once for a draft, not with every drawing
  useEffect(() => {
    if (!first) return;
    const open = () => {
      notifications.hide(ID);
      onOpen();
    };
    notifications.show({
      id: ID,
      title: "There are changes that you had not saved",
      message: (
        <Anchor component="button" type="button" size="sm" onClick={open} data-testid="member-draft-reminder">
          Open {first.name} on the Member file screen
        </Anchor>
      ),
      color: "yellow",
      autoClose: false,
    });
    return () => {
      notifications.hide(ID);
    };
  }, [first?.id]);
  return null;
}
