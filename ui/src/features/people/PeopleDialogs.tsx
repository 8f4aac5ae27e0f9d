import type { PeopleView, QueueQuery } from "../../api";
import { BulkDialog } from "./BulkDialog";
import { DecisionsDrawer } from "./DecisionsDrawer";
import type { Dialog } from "./Head";
import { KeysDialog } from "./KeysDialog";
import { RulesDrawer } from "./RulesDrawer";
import { ThresholdDialog } from "./ThresholdDialog";

type Props = {
  importId: number;
  people: PeopleView;
  query: QueueQuery;
  dialog: Dialog | null;
  onClose: () => void;
  onSay: (words: string) => void;
  onMerged: (decision: number, words: string) => void;
  onReverted: (decision: number) => void;
};

/** The tools of the People step, each in a dialog or drawer of its own. */
export function PeopleDialogs({
  importId,
  people,
  query,
  dialog,
  onClose,
  onSay,
  onMerged,
  onReverted,
}: Props) {
  const shared = { importId, onClose, onSay };
  return (
    <>
      <KeysDialog opened={dialog === "keys"} onClose={onClose} />
      <BulkDialog {...shared} query={query} opened={dialog === "bulk"} onMerged={onMerged} />
      <ThresholdDialog {...shared} people={people} opened={dialog === "thresholds"} />
      <RulesDrawer {...shared} opened={dialog === "rules"} />
      <DecisionsDrawer {...shared} opened={dialog === "decisions"} onReverted={onReverted} />
    </>
  );
}
