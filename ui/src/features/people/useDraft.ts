import { useMemo, useState } from "react";
import type { Field, FieldGroup, PersonGroup } from "../../api";
import { nextExcluded, rowsOf, unsettled } from "./compare";
import { type Draft, NO_DRAFT } from "./values";

/** What the person chooses in the open group, the marked field, and the moves between fields and values. */
export function useDraft(group: PersonGroup, together: FieldGroup[]) {
  const [draft, setDraft] = useState<Draft>(NO_DRAFT);
  const rows = useMemo(() => rowsOf(group, draft, together), [group, draft, together]);
  const pickable = rows.filter(({ proposed }) => proposed !== null);
  const open = unsettled(rows);
  const [marked, setMarked] = useState<Field | null>(null);
  const field =
    marked ?? open[0] ?? pickable.find(({ differs }) => differs)?.field ?? pickable[0]?.field ?? null;
  const row = rows.find((known) => known.field === field) ?? null;
  const pick = (of: Field, value: string | null) => {
    const chosen = new Map(draft.chosen).set(of, value);
    setDraft({ ...draft, chosen });
    // What is left to settle is marked next; otherwise the mark stays where the person is.
    setMarked(unsettled(rowsOf(group, { ...draft, chosen }, together)).find((other) => other !== of) ?? of);
  };
  return {
    draft,
    rows,
    open,
    field,
    row,
    mark: setMarked,
    pick,
    /** Takes the value of the record at a place, if it has one. */
    pickRecord: (at: number): boolean => {
      const cell = row?.cells[at];
      if (!row?.proposed || !cell || cell.mark === "excluded" || cell.value === null) return false;
      pick(row.field, cell.value);
      return true;
    },
    /** The value of the nearest record to the left or right of the one that is taken. */
    pickBeside: (by: number): number | null => {
      if (!row?.proposed) return null;
      const from = row.proposed.from ?? (by > 0 ? -1 : row.cells.length);
      for (let at = from + by; at >= 0 && at < row.cells.length; at += by) {
        const cell = row.cells[at];
        if (!cell || cell.mark === "excluded" || cell.value === null) continue;
        pick(row.field, cell.value);
        setMarked(row.field);
        return at;
      }
      return null;
    },
    /** Back to what the rules propose. */
    clear: () => {
      if (!field) return;
      const chosen = new Map(draft.chosen);
      chosen.delete(field);
      setDraft({ ...draft, chosen });
    },
    moveField: (by: number): Field | null => {
      const at = pickable.findIndex((known) => known.field === field);
      const next = pickable[Math.min(pickable.length - 1, Math.max(0, at + by))]?.field ?? null;
      setMarked(next);
      return next;
    },
    exclude: (record: number) => {
      const excluded = draft.excluded.includes(record)
        ? draft.excluded.filter((known) => known !== record)
        : [...draft.excluded, record];
      setDraft({ ...draft, excluded });
      return excluded;
    },
    excludeNext: () => {
      const excluded = nextExcluded(group, draft);
      setDraft({ ...draft, excluded });
      return excluded;
    },
  };
}

export type DraftState = ReturnType<typeof useDraft>;
