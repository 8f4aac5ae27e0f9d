import type { RowQuery } from "../../api";
import { type Action, useActions } from "../../components/actions";
import { count, plural } from "../../components/format";
import { MOD } from "../../components/labels";
import type { Operations } from "./useOperations";

type Wanted = {
  operations: Operations;
  query: RowQuery;
  selected: number[];
  found: number | null;
  onDialog: (dialog: "replace" | "spellings") => void;
  onWhy: () => void;
  onClear: () => void;
};

/** What the Fix step offers in the command palette. */
export function useFixActions({ operations, query, selected, found, onDialog, onWhy, onClear }: Wanted) {
  const group = "Fix";
  const actions: Action[] = [
    {
      id: "replace",
      label: "Find and replace…",
      group,
      shortcut: `${MOD} F`,
      run: () => onDialog("replace"),
    },
    { id: "spellings", label: "Merge near spellings…", group, run: () => onDialog("spellings") },
    { id: "why", label: "Why is this cell as it is?", group, shortcut: "F1", run: onWhy },
    { id: "clear", label: "Clear filters", group, run: onClear },
    {
      id: "undo",
      label: "Undo the last step",
      group,
      shortcut: `${MOD} Z`,
      run: () => operations.undoLast(),
    },
    {
      id: "redo",
      label: "Redo the step undone last",
      group,
      shortcut: `${MOD} Shift Z`,
      run: () => operations.redo(),
    },
  ];
  if (selected.length > 0) {
    const rows = plural(selected.length, "selected row");
    actions.push(
      {
        id: "exclude",
        label: `Exclude ${rows}`,
        group,
        run: () => operations.add({ kind: "exclude_rows", rows: selected }),
      },
      {
        id: "restore",
        label: `Restore ${rows}`,
        group,
        run: () => operations.add({ kind: "restore_rows", rows: selected }),
      },
    );
  }
  if (found) {
    actions.push(
      {
        id: "exclude-found",
        label: `Exclude all ${count(found)} rows found`,
        group,
        run: () => operations.add({ kind: "exclude_found", query }),
      },
      {
        id: "restore-found",
        label: `Restore all ${count(found)} rows found`,
        group,
        run: () => operations.add({ kind: "restore_found", query }),
      },
    );
  }
  useActions(actions);
}
