// What the side-by-side view shows, worked out from a group and what the person has chosen so far.
import type { ChangedSince, ChosenValue, Field, FieldView, GroupRecord, PersonGroup } from "../../api";
import { ALL_FIELDS, OF_MEMBERSHIP, OF_PERSON } from "./words";

/** What the person has said of the open group, before the decision. */
export type Draft = { chosen: ReadonlyMap<Field, string | null>; excluded: readonly number[] };
export const NO_DRAFT: Draft = { chosen: new Map(), excluded: [] };

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
  /** the rules choose it once the decision is made, since a record is taken out */
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

const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

/** The different values among these, as first written. */
export function distinct(values: (string | null)[]): string[] {
  const found: string[] = [];
  for (const value of values) if (value && !found.some((known) => same(known, value))) found.push(value);
  return found;
}

const isExcluded = (record: GroupRecord, draft: Draft) => draft.excluded.includes(record.record);

export function cellOf(record: GroupRecord | undefined, field: Field): string | null {
  return record?.cells[ALL_FIELDS.indexOf(field)] ?? null;
}

function recordAt(group: PersonGroup, view: FieldView): number | null {
  if (view.provenance.from !== "record") return null;
  const record = group.member.of_record[view.provenance.record];
  const at = group.records.findIndex((known) => known.record === record);
  return at < 0 ? null : at;
}

function propose(group: PersonGroup, view: FieldView, draft: Draft, left: string[]): Proposed {
  const at = (value: string | null) =>
    value === null
      ? null
      : group.records.findIndex((r) => !isExcluded(r, draft) && same(cellOf(r, view.field) ?? "", value));
  const chosen = draft.chosen.get(view.field);
  if (chosen !== undefined) {
    const from = at(chosen);
    const known = from !== null && from >= 0;
    const reason = known ? "you chose it" : chosen === null ? "you left it blank" : "you typed it";
    return { value: chosen, reason, from: known ? from : null, open: false, chosen: true };
  }
  const from = recordAt(group, view);
  if (draft.excluded.length > 0) {
    const [only] = left;
    if (view.provenance.from !== "person" && left.length <= 1) {
      const reason = only ? "the only value left" : "no value left";
      return { value: only ?? null, reason, from: only ? at(only) : null, open: false, chosen: false };
    }
    const source = from === null ? undefined : group.records[from];
    if (source && isExcluded(source, draft))
      return {
        value: null,
        reason: "the rules choose anew",
        from: null,
        open: false,
        chosen: false,
        pending: true,
      };
  }
  return { value: view.value ?? view.proposal, reason: view.reason, from, open: view.open, chosen: false };
}

function rowOf(group: PersonGroup, field: Field, draft: Draft): RowView {
  const included = group.records.filter((record) => !isExcluded(record, draft));
  const left = distinct(included.map((record) => cellOf(record, field)));
  const view = group.member.fields.find((known) => known.field === field);
  const cells = group.records.map((record): CellView => {
    const value = cellOf(record, field);
    const changed = group.changed.find((one) => one.record === record.record && one.field === field) ?? null;
    if (isExcluded(record, draft)) return { value, mark: "excluded", changed };
    if (value === null) return { value, mark: "missing", changed };
    if (OF_MEMBERSHIP.includes(field)) return { value, mark: "own", changed };
    return { value, mark: left.length > 1 ? "different" : "same", changed };
  });
  const proposed = view && OF_PERSON.includes(field) ? propose(group, view, draft, left) : null;
  return { field, cells, differs: left.length > 1, proposed };
}

/** The fields that any record has, those of the person first. */
export function rowsOf(group: PersonGroup, draft: Draft): RowView[] {
  return [...OF_PERSON, ...OF_MEMBERSHIP]
    .filter((field) => group.records.some((record) => cellOf(record, field) !== null || openOf(group, field)))
    .map((field) => rowOf(group, field, draft));
}

const openOf = (group: PersonGroup, field: Field) =>
  group.member.fields.some((view) => view.field === field && view.open);

/** Fields that have to be chosen before the records can be one person. */
export function unsettled(rows: RowView[]): Field[] {
  return rows.filter(({ proposed }) => proposed?.open).map(({ field }) => field);
}

/** Records by how little they fit the others, the most doubtful first. */
export function doubtfulFirst(group: PersonGroup): number[] {
  const best = (record: number) => {
    const links = group.pairs.filter(({ a, b }) => a === record || b === record);
    return links.length > 0 ? Math.max(...links.map(({ probability }) => probability)) : 0;
  };
  return group.records.map(({ record }) => record).sort((a, b) => best(a) - best(b) || b - a);
}

/** The next record to take out when E is pressed again: the most doubtful, the next one, …, none. */
export function nextExcluded(group: PersonGroup, draft: Draft): number[] {
  if (group.records.length < 3) return [];
  const order = doubtfulFirst(group);
  const at = draft.excluded.length === 1 ? order.indexOf(draft.excluded[0] ?? -1) : -1;
  if (draft.excluded.length > 1) return [];
  const next = order[at + 1];
  return next === undefined ? [] : [next];
}

/** The values as they are sent. */
export const valuesOf = (draft: Draft): ChosenValue[] =>
  [...draft.chosen].map(([field, value]) => ({ field, value }));
