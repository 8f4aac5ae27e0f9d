import type { RefObject } from "react";
import type { PersonGroup, Verdict } from "../../api";
import type { DraftState } from "./useDraft";
import { useShortcuts } from "./useShortcuts";

type Open = {
  group: PersonGroup;
  draft: DraftState;
  decide: (verdict: Verdict) => void;
  /** puts the focus on the marked row, on the value of the record at a place */
  focusRow: (at?: number | null) => void;
  onTyping: () => void;
  onSay: (words: string) => void;
  why: RefObject<HTMLElement | null>;
};

const VERDICTS: Record<string, Verdict> = { s: "same", d: "different", l: "later" };

/** "Record 3 is somebody else." */
function sayExcluded({ group }: Open, excluded: readonly number[]): string {
  if (excluded.length === 0) return "All records are in.";
  const numbers = excluded.map((record) => group.records.findIndex((known) => known.record === record) + 1);
  return numbers.length === 1
    ? `Record ${numbers[0]} is somebody else. S: the others are one person.`
    : `Records ${numbers.join(" and ")} are somebody else. S: the others are one person.`;
}

/** Takes a record out, by its place, or the one that fits least. */
export function excludeRecord(open: Open, at: number | null) {
  const { group, draft, onSay } = open;
  if (group.records.length < 3)
    return onSay("Of two records none can be taken out: press D if they are different people.");
  const record = at === null ? undefined : group.records[at]?.record;
  if (at !== null && record === undefined) return;
  onSay(sayExcluded(open, record === undefined ? draft.excludeNext() : draft.exclude(record)));
}

/** The keys of the open group: decisions, values, records to take out. */
export function useGroupKeys(enabled: boolean, open: Open) {
  const { draft, why } = open;
  useShortcuts(enabled, (key, event) => {
    const verdict = VERDICTS[key];
    if (verdict) open.decide(verdict);
    else if (key === "e") excludeRecord(open, null);
    else if (/^shift\+[1-9]$/.test(key)) excludeRecord(open, Number(key.slice(6)) - 1);
    else if (/^[1-9]$/.test(key)) return draft.pickRecord(Number(key) - 1);
    else if (key === "0") draft.clear();
    else if (key === "t") open.onTyping();
    else if (key === "f") {
      draft.moveField(event.shiftKey ? -1 : 1);
      open.focusRow();
    } else if (key === "arrowleft" || key === "arrowright") {
      const at = draft.pickBeside(key === "arrowright" ? 1 : -1);
      if (at === null) return false;
      // The focus goes with the choice, if it is in the table.
      if (document.activeElement?.closest("[data-testid=compare]")) open.focusRow(at);
    } else if (key === "w") {
      const there = why.current?.contains(document.activeElement);
      if (there) open.focusRow();
      else {
        why.current?.focus();
        why.current?.scrollIntoView({ block: "nearest" });
      }
    } else return false;
    return true;
  });
}
