import { useActions } from "../../components/actions";
import type { Dialog } from "./Head";

type Wanted = { onDialog: (dialog: Dialog) => void; onUndo: () => void; onMatch: () => void };

/** What the People step offers in the command palette. */
export function usePeopleActions({ onDialog, onUndo, onMatch }: Wanted) {
  const group = "People";
  useActions([
    { id: "people-bulk", label: "Merge the conflict-free…", group, run: () => onDialog("bulk") },
    { id: "people-thresholds", label: "Thresholds…", group, run: () => onDialog("thresholds") },
    { id: "people-rules", label: "Rules: whose value wins…", group, run: () => onDialog("rules") },
    { id: "people-decisions", label: "Decisions…", group, run: () => onDialog("decisions") },
    { id: "people-undo", label: "Undo the last decision", group, shortcut: "U", run: onUndo },
    {
      id: "people-keys",
      label: "Keys of the People step",
      group,
      shortcut: "?",
      run: () => onDialog("keys"),
    },
    { id: "people-again", label: "Find who is who again", group, run: onMatch },
  ]);
}
