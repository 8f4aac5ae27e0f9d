// What the side-by-side view shows, worked out from a group and what the person has chosen so far.
import type { ChosenValue, Field, FieldGroup, FieldView, PairView, PersonGroup } from "../../api";
import type { CellView, Mark, Proposed, RowView } from "../../components/compare/compareTypes";
import { movedWith, staysOpen } from "./together";
import { cellOf, type Draft, distinct, isExcluded, sameText } from "./values";
import { OF_MEMBERSHIP, OF_PERSON } from "./words";

export type { CellView, Mark, Proposed, RowView };

function recordAt(group: PersonGroup, view: FieldView): number | null {
  if (view.provenance.from !== "record") return null;
  const record = group.member.of_record[view.provenance.record];
  const at = group.records.findIndex((known) => known.record === record);
  return at < 0 ? null : at;
}

const RULES_CHOOSE: Proposed = {
  value: null,
  reason: "the rules choose anew",
  from: null,
  open: false,
  chosen: false,
  pending: true,
};

type Sides = { group: PersonGroup; draft: Draft; together: FieldGroup[] };

/** The place of the record that has a value, of those that are not taken out; null where none has. */
function placeOf({ group, draft }: Sides, field: Field, value: string | null): number | null {
  const has = (record: PersonGroup["records"][number]) =>
    !isExcluded(record, draft) && sameText(cellOf(record, field) ?? "", value ?? "");
  const at = value === null ? -1 : group.records.findIndex(has);
  return at < 0 ? null : at;
}

function ofPerson(sides: Sides, field: Field, value: string | null): Proposed {
  const from = placeOf(sides, field, value);
  const reason = from !== null ? "you chose it" : value === null ? "you left it blank" : "you typed it";
  return { value, reason, from, open: false, chosen: true };
}

function propose(sides: Sides, view: FieldView, left: string[]): Proposed {
  const { group, draft, together } = sides;
  const { field } = view;
  const chosen = draft.chosen.get(field);
  if (chosen !== undefined) return ofPerson(sides, field, chosen);
  const byPerson = view.provenance.from === "person";
  const unit = together.find(({ fields }) => fields.includes(field));
  const open = view.open && (!unit || staysOpen(group, unit, field, draft));
  const moved = byPerson || open ? undefined : movedWith(group, unit, field, draft);
  if (moved === null) return RULES_CHOOSE;
  if (moved) return { ...moved, open: false, chosen: false };
  const from = recordAt(group, view);
  if (draft.excluded.length > 0 && !byPerson) {
    const [only] = left;
    if (left.length <= 1) {
      const reason = only ? "the only value left" : "no value left";
      const place = placeOf(sides, field, only ?? null);
      return { value: only ?? null, reason, from: place, open: false, chosen: false };
    }
    const source = from === null ? undefined : group.records[from];
    if (source && isExcluded(source, draft)) return RULES_CHOOSE;
  }
  // What waited for another field does so no longer.
  if (view.open && !open) return RULES_CHOOSE;
  return { value: view.value ?? view.proposal, reason: view.reason, from, open, chosen: false };
}

function rowOf(sides: Sides, field: Field): RowView {
  const { group, draft } = sides;
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
  const proposed = view && OF_PERSON.includes(field) ? propose(sides, view, left) : null;
  return { field, cells, differs: left.length > 1, proposed };
}

/** The fields that any record has, those of the person first. */
export function rowsOf(group: PersonGroup, draft: Draft, together: FieldGroup[]): RowView[] {
  return [...OF_PERSON, ...OF_MEMBERSHIP]
    .filter((field) => group.records.some((record) => cellOf(record, field) !== null || openOf(group, field)))
    .map((field) => rowOf({ group, draft, together }, field));
}

const openOf = (group: PersonGroup, field: Field) =>
  group.member.fields.some((view) => view.field === field && view.open);

/** Fields that have to be chosen before the records can be one person. */
export function unsettled(rows: RowView[]): Field[] {
  return rows.filter(({ proposed }) => proposed?.open).map(({ field }) => field);
}

/**
 * The weakest pair that the group hangs on: of the surest pairs that connect all records (J. B. Kruskal, 1956). Others
 * may be less likely, and nothing hangs on them.
 */
export function weakestLink({ records, pairs }: Pick<PersonGroup, "records" | "pairs">): PairView | null {
  const part = new Map(records.map(({ record }) => [record, record]));
  let weakest: PairView | null = null;
  for (const pair of [...pairs].sort((a, b) => b.probability - a.probability)) {
    const [one, other] = [part.get(pair.a), part.get(pair.b)];
    if (one === undefined || other === undefined || one === other) continue;
    for (const [record, of] of part) if (of === other) part.set(record, one);
    weakest = pair;
  }
  return weakest;
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
