// Fields that move together, while a person chooses: what the rules will take once some of a group's values are chosen.
// The rules themselves are the backend's; here is only what can be said for sure, the rest is left to them.
import type { Field, FieldGroup, GroupRecord, PersonGroup } from "../../api";
import { TARGET_LABELS } from "../../components/labels";
import { cellOf, type Draft, distinct, isExcluded, sameText } from "./values";

/** Null: the rules choose, and what cannot be said before. */
export type Moved = { value: string | null; from: number | null; reason: string } | null;

/** The records that a group's fields are taken from: those that have what was chosen. */
function donorsOf(records: GroupRecord[], { fields }: FieldGroup, draft: Draft): GroupRecord[] {
  let donors = records.filter((record) => fields.some((field) => cellOf(record, field) !== null));
  for (const field of fields) {
    const chosen = draft.chosen.get(field);
    if (chosen === undefined) continue;
    const with_it = donors.filter((record) => sameText(cellOf(record, field) ?? "", chosen ?? ""));
    if (with_it.length > 0) donors = with_it;
    else if (field === fields[0]) return [];
  }
  return donors;
}

/** Whether a field still waits for a person although other fields of its group are chosen. */
export function staysOpen(group: PersonGroup, together: FieldGroup, field: Field, draft: Draft): boolean {
  const kept = group.records.filter((record) => !isExcluded(record, draft));
  const waits = (other: Field) => {
    const view = group.member.fields.find((known) => known.field === other);
    const differ = distinct(kept.map((record) => cellOf(record, other))).length > 1;
    return view?.open === true && !draft.chosen.has(other) && (differ || isChanged(other));
  };
  const isChanged = (other: Field) =>
    group.member.conflicts.some(({ field: of, state }) => of === other && state === "changed");
  const [lead] = together.fields;
  return (
    (isChanged(field) && waits(field)) ||
    (together.fields.includes("company") && waits("company")) ||
    (lead !== undefined && isChanged(lead) && waits(lead))
  );
}

/** What a field that is not chosen itself will be, where fields of its group are; undefined where none is. */
export function movedWith(
  group: PersonGroup,
  together: FieldGroup | undefined,
  field: Field,
  draft: Draft,
): Moved | undefined {
  const lead = together?.fields.find((other) => draft.chosen.has(other));
  if (!together || lead === undefined) return undefined;
  const kept = group.records.filter((record) => !isExcluded(record, draft));
  const all = distinct(kept.map((record) => cellOf(record, field)));
  // With one value there is nothing that could move.
  if (all.length < 2) return undefined;
  const [first, ...others] = donorsOf(kept, together, draft);
  const value = first ? cellOf(first, field) : null;
  if (!first || value === null) return null;
  if (others.some((other) => !sameText(cellOf(other, field) ?? "", value))) return null;
  const reason = `moves with ${TARGET_LABELS[lead].toLowerCase()}`;
  return { value, from: group.records.indexOf(first), reason };
}
