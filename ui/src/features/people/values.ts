import type { Field, GroupRecord } from "../../api";
import { sameText } from "../../components/compare/compareTypes";
import { ALL_FIELDS } from "./words";

/** What the person has said of the open group, before the decision. */
export type Draft = { chosen: ReadonlyMap<Field, string | null>; excluded: readonly number[] };
export const NO_DRAFT: Draft = { chosen: new Map(), excluded: [] };

export { sameText };

/** The different values among these, as first written. */
export function distinct(values: (string | null)[]): string[] {
  const found: string[] = [];
  for (const value of values) if (value && !found.some((known) => sameText(known, value))) found.push(value);
  return found;
}

export const isExcluded = (record: GroupRecord, draft: Draft) => draft.excluded.includes(record.record);

/** A record's value of a field. */
export function cellOf(record: GroupRecord | undefined, field: Field): string | null {
  return record?.cells[ALL_FIELDS.indexOf(field)] ?? null;
}
