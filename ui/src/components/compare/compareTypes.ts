// What a side-by-side view of people shows, a row a field.
import type { ChangedSince, Field } from "../../api";

/** `own`: a value of a membership, where a difference says nothing. */
export type Mark = "same" | "different" | "missing" | "excluded" | "own";
export type CellView = { value: string | null; mark: Mark; changed: ChangedSince | null };
/** The value that a field of the person would have, and why. */
export type Proposed = {
  value: string | null;
  reason: string;
  /** position of the record it is from */
  from: number | null;
  open: boolean;
  chosen: boolean;
  /** the rules choose it once the decision is made */
  pending?: boolean;
};
export type RowView = {
  field: Field;
  cells: CellView[];
  /** whether the records differ; blanks do not count */
  differs: boolean;
  /** null: each club keeps its own */
  proposed: Proposed | null;
};
/** A hash of Muster's, where the club has no number of its own. */
export const isHash = (key: string) => /^[0-9a-f]{32}$/.test(key);

export const sameText = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();
