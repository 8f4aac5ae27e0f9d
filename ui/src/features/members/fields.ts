import type { Field, FieldValue, MemberView } from "../../api";
import { TARGET_LABELS } from "../../components/labels";

/** The fields of a member, in the order of forms. */
export const OF_MEMBER = [
  "prefix",
  "given_name",
  "middle_name",
  "family_name",
  "suffix",
  "preferred_name",
  "birth_date",
  "company",
  "state",
  "email",
  "phone",
] as const satisfies Field[];

/** The fields of a membership that can be changed. */
export const OF_MEMBERSHIP = ["member_since", "last_active", "score"] as const satisfies Field[];

/** What a form holds: texts by field; those of a membership by its number and the field. */
export type Texts = Record<string, string>;

export const keyOf = (field: Field, membership: number | null) =>
  membership === null ? field : `${membership}.${field}`;

/** Field and membership of a key. */
export function partsOf(key: string): { field: Field; membership: number | null } {
  const [first, second] = key.split(".");
  return second
    ? { field: second as Field, membership: Number(first) }
    : { field: first as Field, membership: null };
}

/** All texts of a member, as their form begins. */
export function textsOf(view: MemberView): Texts {
  const texts: Texts = {};
  const take = (values: FieldValue[], membership: number | null) => {
    for (const { field, value } of values) texts[keyOf(field, membership)] = value ?? "";
  };
  take(view.values, null);
  for (const membership of view.memberships) take(membership.values, membership.id);
  return texts;
}

/** The keys whose texts differ. */
export function changedKeys(before: Texts, after: Texts): string[] {
  return Object.keys(after).filter((key) => (before[key] ?? "").trim() !== (after[key] ?? "").trim());
}

/** "Score · Unity Golf Club" */
export function labelOf(key: string, view: MemberView | null): string {
  const { field, membership } = partsOf(key);
  const club = view?.memberships.find(({ id }) => id === membership)?.club;
  return club ? `${TARGET_LABELS[field]} · ${club}` : TARGET_LABELS[field];
}

/** What is sent to the backend: empty texts clear. */
export function toValue(key: string, texts: Texts): FieldValue {
  return { field: partsOf(key).field, value: texts[key]?.trim() || null };
}

type Named = { [field in "given_name" | "middle_name" | "family_name" | "suffix"]?: string | null };

/** "Ann M. Lee Jr." */
export function fullName(of: Named): string {
  return [of.given_name, of.middle_name, of.family_name, of.suffix].filter(Boolean).join(" ");
}

export function nameOf(view: MemberView): string {
  return fullName(Object.fromEntries(view.values.map(({ field, value }) => [field, value])));
}
