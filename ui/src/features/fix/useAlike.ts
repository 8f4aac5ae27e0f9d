import { useCallback, useState } from "react";
import { type NewOperation, useApi } from "../../api";
import type { CellEdit } from "./FixGrid";

/** An edit that could be made in more cells: those with the value that the edited one had. */
export type Alike = { edit: CellEdit; operation: NewOperation; rows: number };

function alikeOperation(field: CellEdit["field"], before: string, value: string | null): NewOperation {
  if (value === null) return { kind: "merge_values", field, from: [before], to: null };
  return { kind: "replace_value", field, find: before, replace: value, whole_cell: true, match_case: true };
}

/** After an edit, looks for cells with the same value as the edited one had. */
export function useAlike(importId: number) {
  const api = useApi();
  const [alike, setAlike] = useState<Alike | null>(null);
  const look = useCallback(
    (edit: CellEdit) => {
      setAlike(null);
      // Filling every empty cell is seldom meant: that is left to find and replace.
      if (edit.before === null) return;
      const operation = alikeOperation(edit.field, edit.before, edit.value);
      api.replacePreview(importId, operation).then(
        ({ rows }) => rows > 0 && setAlike({ edit, operation, rows }),
        // Only an offer: without it the edit itself is still done.
        () => setAlike(null),
      );
    },
    [api, importId],
  );
  return { alike, look, forget: useCallback(() => setAlike(null), []) };
}
