import type {
  ConflictView,
  Field,
  FieldView,
  ResolvedMember,
  RuleEffect,
  RuleExample,
  RulesPreview,
  SurvivorRule,
  SurvivorshipSettings,
  ValueView,
} from "../bindings";
import { type FakeGroup, type FakeRecord, nameOf } from "./peopleData";

const PERSON: Field[] = [
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
const OF_CLUB: Field[] = ["member_since", "last_active", "score"];
const WORDS: Record<SurvivorRule["rule"], string> = {
  source_priority: "priority of the club",
  newest: "newest by last active",
  longest: "longest value",
  most_frequent: "most frequent value",
  non_blank: "first value that is not blank",
};

/** Settings with nothing left out. */
export type Settings = Required<SurvivorshipSettings>;

export const DEFAULT_RULES: Settings = {
  source_order: [],
  rules: {},
  groups: [
    { fields: ["family_name", "given_name", "middle_name", "suffix", "prefix"], blanks: "fill" },
    { fields: ["company", "state"], blanks: "fill" },
  ],
  company_conflict: "ask",
  overwrite_hand_edits: false,
};

function ruleOf(settings: Settings, field: Field): SurvivorRule {
  const set = settings.rules[field];
  if (set) return set;
  if (["prefix", "given_name", "middle_name", "family_name", "suffix"].includes(field))
    return { rule: "longest" };
  return field === "birth_date" ? { rule: "most_frequent" } : { rule: "newest" };
}

type At = { value: string; at: number; record: FakeRecord };

function pick(values: At[], rule: SurvivorRule, settings: Settings): At | undefined {
  const newest = (a: At, b: At) =>
    (b.record.values.last_active ?? "").localeCompare(a.record.values.last_active ?? "") || a.at - b.at;
  const many = (of: At) => values.filter(({ value }) => value === of.value).length;
  const order =
    rule.rule === "source_priority" && rule.sources?.length ? rule.sources : settings.source_order;
  const place = (of: At) => (order.indexOf(of.record.club) + order.length + 1) % (order.length + 1);
  const sorted = [...values].sort((a, b) => {
    if (rule.rule === "longest") return b.value.length - a.value.length || newest(a, b);
    if (rule.rule === "most_frequent") return many(b) - many(a) || newest(a, b);
    if (rule.rule === "source_priority") return place(a) - place(b) || newest(a, b);
    return rule.rule === "newest" ? newest(a, b) : a.at - b.at;
  });
  return sorted[0];
}

function distinct(values: At[]): ValueView[] {
  const found = new Map<string, number[]>();
  for (const { value, at } of values) found.set(value, [...(found.get(value) ?? []), at]);
  return [...found].map(([value, records]) => ({ value, records }));
}

type Chosen = ReadonlyMap<Field, string | null>;

function settle(records: FakeRecord[], field: Field, settings: Settings, chosen: Chosen): FieldView {
  const values = records.flatMap((record, at) => {
    const value = record.values[field];
    return value ? [{ value, at, record }] : [];
  });
  const blank: FieldView = {
    field,
    value: null,
    provenance: { from: "nowhere" },
    reason: "no record has a value",
    open: false,
    proposal: null,
    losers: [],
  };
  const all = distinct(values);
  if (chosen.has(field)) {
    const value = chosen.get(field) ?? null;
    const losers = all.filter((other) => other.value !== value);
    return { ...blank, value, provenance: { from: "person" }, reason: "chosen by sam", losers };
  }
  const best = pick(values, ruleOf(settings, field), settings);
  if (!best) return blank;
  const losers = all.filter(({ value }) => value !== best.value);
  if (field === "company" && all.length > 1 && settings.company_conflict === "ask")
    return { ...blank, reason: "a person has to choose", open: true, proposal: best.value, losers: all };
  const reason =
    values.length === 1
      ? "the only value"
      : all.length === 1
        ? "all records agree"
        : WORDS[ruleOf(settings, field).rule];
  return { ...blank, value: best.value, provenance: { from: "record", record: best.at }, reason, losers };
}

/** Fields of the company's group wait for it, and come from a record that has the chosen one. */
function moveWithCompany(
  records: FakeRecord[],
  all: FieldView[],
  view: FieldView,
  settings: Settings,
  chosen: Chosen,
): FieldView {
  const group = settings.groups.find(
    ({ fields }) => fields.includes("company") && fields.includes(view.field),
  );
  const company = all.find(({ field }) => field === "company");
  if (!group || !company || view.field === "company" || chosen.has(view.field) || view.losers.length === 0)
    return view;
  if (company.open)
    return {
      ...view,
      value: null,
      provenance: { from: "nowhere" },
      reason: "a person has to choose",
      open: true,
      proposal: view.value,
    };
  const at = records.findIndex(({ values }) => values.company === company.value && values[view.field]);
  const value = records[at]?.values[view.field];
  if (!chosen.has("company") || value === undefined) return view;
  return { ...view, value, provenance: { from: "record", record: at }, reason: "moves with company" };
}

/** One member of a group's records. */
export function resolve(group: FakeGroup, settings: Settings, chosen: Chosen): ResolvedMember {
  const alone = PERSON.map((field) => settle(group.records, field, settings, chosen));
  const fields = alone.map((view) => moveWithCompany(group.records, alone, view, settings, chosen));
  const conflicts: ConflictView[] = fields
    .filter(({ losers, open }) => losers.length > 0 || open)
    .map(({ field, open, provenance }) => {
      const values = distinct(
        group.records.flatMap((record, at) => {
          const value = record.values[field];
          return value ? [{ value, at, record }] : [];
        }),
      );
      const clubs = new Set(values.flatMap((value) => value.records.map((at) => group.records[at]?.club)));
      const state = open ? "open" : provenance.from === "person" ? "by_person" : "by_rule";
      return { field, values, between_clubs: clubs.size > 1, state, changed: [] };
    });
  return {
    records: group.records.map((record) => ({
      source: record.club,
      source_key: record.key,
      origin: record.member === null ? "list" : "database",
      file: record.file,
      row: record.line,
    })),
    of_record: group.records.map(({ record }) => record),
    fields,
    memberships: group.records.map((record, at) => ({
      source: record.club,
      source_key: record.key,
      records: [at],
      facts: OF_CLUB.map((field) => settle([record], field, settings, new Map())),
    })),
    conflicts,
    open: fields.some(({ open }) => open),
  };
}

export function problemsOf(settings: Settings): string[] {
  const problems: string[] = [];
  const seen = new Set<Field>();
  for (const [at, group] of settings.groups.entries()) {
    if (group.fields.length < 2)
      problems.push(`Group ${at + 1} has fewer than two fields, so nothing moves together.`);
    for (const field of group.fields) {
      if (seen.has(field)) problems.push(`A field is in a group already. Take it out of group ${at + 1}.`);
      seen.add(field);
    }
  }
  return problems;
}

/** What other rules would change in these groups. */
export function compareRules(groups: FakeGroup[], before: Settings, after: Settings): RulesPreview {
  const effects = new Map<Field, RuleEffect>();
  const examples: RuleExample[] = [];
  const changed = new Set<number>();
  const open = { before: 0, after: 0 };
  for (const group of groups) {
    const old = resolve(group, before, new Map());
    const now = resolve(group, after, new Map());
    open.before += old.open ? 1 : 0;
    open.after += now.open ? 1 : 0;
    for (const [at, one] of old.fields.entries()) {
      const other = now.fields[at];
      if (!other || (one.value === other.value && one.open === other.open)) continue;
      const effect = effects.get(one.field) ?? { field: one.field, changed: 0, opened: 0, closed: 0 };
      if (one.open && !other.open) effect.closed += 1;
      else if (!one.open && other.open) effect.opened += 1;
      else effect.changed += 1;
      effects.set(one.field, effect);
      changed.add(group.group);
      const [first] = group.records;
      examples.push({
        group: group.group,
        name: first ? nameOf(first) : "",
        field: one.field,
        club: null,
        before: one.value,
        before_reason: one.reason,
        after: other.value,
        after_reason: other.reason,
      });
    }
  }
  return {
    problems: problemsOf(after),
    members: groups.length,
    changed_members: changed.size,
    open_before: open.before,
    open_after: open.after,
    fields: [...effects.values()],
    examples: examples.slice(0, 20),
  };
}
