import type {
  Field,
  GroupRecord,
  PeopleCounts,
  QueueItem,
  QueueKind,
  QueueQuery,
  RecordLine,
} from "../../api";
import { count, plural } from "../../components/format";

export const KINDS: { kind: QueueKind; label: string }[] = [
  { kind: "to_review", label: "To review" },
  { kind: "conflicts", label: "Conflicts" },
  { kind: "changed", label: "Changed" },
  { kind: "merged", label: "Merged" },
  { kind: "decided", label: "Decided" },
  { kind: "all", label: "All" },
];

export const labelOf = (kind: QueueKind) => KINDS.find((one) => one.kind === kind)?.label ?? "";

export const KIND_HELP: Record<QueueKind, string> = {
  to_review: "May be one person: you say",
  conflicts: "One person, with a value to settle",
  changed: "Decided before, and a record changed since",
  merged: "Found to be one person, nothing to settle",
  decided: "Decided by a person",
  all: "All groups of records",
};

/** How many groups are of a kind. */
export function countOf(counts: PeopleCounts, kind: QueueKind): number {
  const { to_review, conflicts, changed, found, decided } = counts;
  if (kind === "merged") return found;
  return kind === "all" ? to_review + conflicts + changed + found + decided : counts[kind];
}

/** Groups that wait for a person. */
export const waiting = ({ to_review, conflicts, changed }: PeopleCounts) => to_review + conflicts + changed;

/** The first kind with work to do. */
export function firstKind(counts: PeopleCounts): QueueKind {
  return (["to_review", "conflicts", "changed"] as const).find((kind) => counts[kind] > 0) ?? "to_review";
}

export const ANY: Omit<QueueQuery, "kind"> = {
  field: null,
  clubs: [],
  score_from: null,
  score_to: null,
  text: null,
};

/** Whether the query narrows its kind. */
export const isNarrowed = ({ field, clubs, score_from, score_to, text }: QueueQuery) =>
  field !== null || clubs.length > 0 || score_from !== null || score_to !== null || text !== null;

/** "3,370 records are 3,200 people." */
export function summaryOf(counts: PeopleCounts): string {
  const people = `${plural(counts.records, "record")} ${counts.records === 1 ? "is" : "are"} ${
    counts.people === 1 ? "1 person" : `${count(counts.people)} people`
  }`;
  const parts = [
    counts.merged > 0 ? `${plural(counts.merged, "row")} merged with another` : "no rows merged",
    ...(counts.in_database > 0 ? [`${count(counts.in_database)} in the database already`] : []),
  ];
  const left = waiting(counts);
  parts.push(left > 0 ? `${plural(left, "group")} to settle` : "nothing left to settle");
  return `${people}: ${parts.join(", ")}.`;
}

/** A probability as people read it; never rounded to certainty. */
export function likely(probability: number): string {
  const percent = probability * 100;
  if (percent > 99.99) return ">99.99%";
  if (percent >= 99) return `${(Math.floor(percent * 100) / 100).toFixed(2)}%`;
  if (percent >= 1) return `${Math.round(percent)}%`;
  return "<1%";
}

/** The different names of a group's records: "Robert Holmes / Bob Holmes". */
export function namesOf(item: QueueItem): string {
  const names = [...new Set(item.records.map(({ name }) => name))];
  const [first = "No name", second] = names;
  if (!second) return first;
  return names.length > 2 ? `${first} / ${second} +${names.length - 2}` : `${first} / ${second}`;
}

/** "unity_golf_club.csv, line 12"; of a member of the database their number. */
export function placeOf({
  file,
  line,
  member,
}: Pick<RecordLine | GroupRecord, "file" | "line" | "member">): string {
  return member !== null ? `Database, member ${member}` : `${file}, line ${line}`;
}

/** Fields of a person, in the order of the records' values; a person chooses among them. */
export const OF_PERSON: Field[] = [
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
];
/** Fields of a membership: each club keeps its own. */
export const OF_MEMBERSHIP: Field[] = ["member_since", "last_active", "score"];
/** All fields, as the records' values are ordered. */
export const ALL_FIELDS: Field[] = [...OF_PERSON, ...OF_MEMBERSHIP, "source_key"];
