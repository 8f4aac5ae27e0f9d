import type { Field, SurvivorRule, SurvivorshipSettings } from "../../api";

/** The settings with nothing left out: the backend may leave out what is empty. */
export type Settings = Required<SurvivorshipSettings>;

export const complete = (settings: SurvivorshipSettings): Settings => ({
  source_order: [],
  rules: {},
  groups: [],
  company_conflict: "ask",
  overwrite_hand_edits: false,
  ...settings,
});

export type RuleName = SurvivorRule["rule"];

export const RULE_LABELS: Record<RuleName, string> = {
  newest: "Newest (by last active)",
  longest: "Longest",
  most_frequent: "Most frequent",
  source_priority: "The club most trusted",
  non_blank: "First that is not blank",
};

/** The rule that a field has while none is set; as the engine has it. */
export function defaultRule(field: Field): RuleName {
  if (["prefix", "given_name", "middle_name", "family_name", "suffix"].includes(field)) return "longest";
  return field === "birth_date" ? "most_frequent" : "newest";
}

export const ruleOf = (settings: Settings, field: Field): SurvivorRule =>
  settings.rules[field] ?? newRule(defaultRule(field));

export const newRule = (rule: RuleName): SurvivorRule =>
  rule === "source_priority" ? { rule, sources: [] } : { rule };

/** Settings with another rule of a field; a rule that is the default is not kept. */
export function withRule(settings: Settings, field: Field, rule: SurvivorRule): Settings {
  const { [field]: _, ...others } = settings.rules;
  return { ...settings, rules: rule.rule === defaultRule(field) ? others : { ...others, [field]: rule } };
}

/** All clubs in an order of trust: those named first, then the others. */
export function completeOrder(order: string[], clubs: string[]): string[] {
  const known = order.filter((club) => clubs.includes(club));
  return [...known, ...clubs.filter((club) => !known.includes(club))];
}

/** A list with one of its items moved to another place. */
export function moved<T>(list: T[], from: number, to: number): T[] {
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length) return list;
  const others = list.filter((_, at) => at !== from);
  return [...others.slice(0, to), item, ...others.slice(to)];
}
