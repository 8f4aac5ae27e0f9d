import type {
  BulkMerged,
  BulkPreview,
  ChosenValue,
  Decided,
  DecideInput,
  DecisionPage,
  DecisionView,
  Field,
  PeopleCounts,
  PeopleView,
  PersonGroup,
  QueueItem,
  QueueKind,
  QueuePage,
  QueueQuery,
  RulesPreview,
  SurvivorshipSettings,
  SurvivorshipView,
  ThresholdCounts,
  Thresholds,
  UserError,
} from "../bindings";
import { random } from "./data";
import { CLUBS, cellsOf, type FakeGroup, makeGroups, nameOf, probabilityOf } from "./peopleData";
import { compareRules, DEFAULT_RULES, problemsOf, resolve, type Settings } from "./peopleRules";
import { FakeRejects } from "./rejects";

type Said = { id: number; verdict: "same" | "different"; excluded: number[]; values: ChosenValue[] };

/** Who is who in one import of the fake. */
type People = {
  matched: boolean;
  stale: string | null;
  groups: FakeGroup[];
  thresholds: Thresholds;
  settings: Settings;
  said: Map<number, Said>;
  later: number[];
};

const LOWEST = 0.05;
const refused = (message: string, help: string): UserError => ({ code: "refused", message, help });
const NO_GROUP: UserError = {
  code: "not_found",
  message: "These records are not together any more.",
  help: "Choose another group from the list.",
};

/** Probability of the record that fits least. */
function doubtful(group: FakeGroup): number | null {
  if (group.base === "same_key") return null;
  const best = group.records.map(({ record }) =>
    Math.max(
      ...group.pairs.filter(({ a, b }) => a === record || b === record).map((pair) => pair.probability),
    ),
  );
  return Math.min(...best);
}

/** What the search looks in: names and keys. */
const wordsOf = (group: FakeGroup) =>
  group.records.map((record) => `${nameOf(record)} ${record.key}`.toLowerCase()).join(" ");

/** Pairs with some likeness that no group shows: they make the slider's counts. */
const BACKGROUND = (() => {
  const next = random(31);
  return Array.from({ length: 300 }, () => probabilityOf(next(24) - 20 + next(100) / 100));
})();

/** The People step of the fake backend. */
export abstract class FakePeople extends FakeRejects {
  private matchings = new Map<number, People>();
  private decisions: DecisionView[] = [];

  /** How the fake of this window begins. */
  protected abstract peopleStart(): {
    matched: boolean;
    stale: string | null;
    nothing: boolean;
    renumbers: boolean;
  };

  private renumber(people: People) {
    if (!this.peopleStart().renumbers) return;
    const all = people.groups.map(({ group }) => group);
    const now = new Map(all.map((number, at) => [number, all[(at + 1) % all.length] ?? number]));
    const renamed = (number: number) => now.get(number) ?? number;
    for (const group of people.groups) group.group = renamed(group.group);
    people.said = new Map([...people.said].map(([group, said]) => [renamed(group), said]));
    people.later = people.later.map(renamed);
  }

  private peopleOf(importId: number): People {
    const known = this.matchings.get(importId);
    if (known) return known;
    const { matched, stale, nothing } = this.peopleStart();
    const groups = nothing ? makeGroups().slice(-24) : makeGroups();
    const made: People = {
      matched,
      stale,
      groups,
      thresholds: { review: 0.5, merge: 0.99 },
      settings: structuredClone(DEFAULT_RULES),
      said: new Map(),
      later: [],
    };
    this.matchings.set(importId, made);
    return made;
  }

  private resolved(people: People, group: FakeGroup) {
    const said = people.said.get(group.group);
    const chosen = new Map(said?.values.map(({ field, value }) => [field, value]) ?? []);
    return resolve(group, people.settings, chosen);
  }

  private openOf(people: People, group: FakeGroup): Field[] {
    return this.resolved(people, group).fields.flatMap(({ field, open }) => (open ? [field] : []));
  }

  private kindOf(people: People, group: FakeGroup): Exclude<QueueKind, "all"> | null {
    if (people.said.has(group.group)) return "decided";
    if (group.base === "changed") return "changed";
    const probability = doubtful(group);
    if (group.records.length > 2) return "to_review";
    if (probability !== null && probability < people.thresholds.review) return null;
    if (probability !== null && probability < people.thresholds.merge) return "to_review";
    return this.openOf(people, group).length > 0 ? "conflicts" : "merged";
  }

  private countPeople(people: People): PeopleCounts {
    const counts: PeopleCounts = {
      records: 379,
      people: 379,
      merged: 0,
      to_review: 0,
      conflicts: 0,
      changed: 0,
      decided: 0,
      found: 0,
      in_database: 0,
    };
    if (!people.matched) return counts;
    for (const group of people.groups) {
      const kind = this.kindOf(people, group);
      if (kind === "merged") counts.found += 1;
      else if (kind !== null) counts[kind] += 1;
      const said = people.said.get(group.group);
      if (kind === "merged" || kind === "conflicts" || said?.verdict === "same")
        counts.merged += group.records.length - 1 - (said?.excluded.length ?? 0);
      if (group.records.some(({ member }) => member !== null)) counts.in_database += 1;
    }
    counts.people = counts.records - counts.merged;
    return counts;
  }

  private peopleView(importId: number): PeopleView {
    const people = this.peopleOf(importId);
    return structuredClone({
      state: !people.matched ? "missing" : people.stale ? "stale" : "current",
      stale: people.stale,
      counts: this.countPeople(people),
      thresholds: people.thresholds,
      lowest: LOWEST,
      blocking: [
        { name: "same name and birth date", pairs: 41, used: true, left_out_blocks: 0, left_out_pairs: 0 },
        {
          name: "same family name and year of birth",
          pairs: 388,
          used: true,
          left_out_blocks: 1,
          left_out_pairs: 210,
        },
      ],
      learnt: true,
      survivorship: people.settings,
      clubs: [...CLUBS],
      profile: people.matched ? this.activeProfile() : null,
      members_compared: people.matched ? 1204 : 0,
      seconds: people.matched ? 0.4 : null,
    });
  }

  private itemOf(people: People, group: FakeGroup): QueueItem | null {
    const kind = this.kindOf(people, group);
    if (!kind) return null;
    const member = this.resolved(people, group);
    const open = this.openOf(people, group);
    const others = member.conflicts.map(({ field }) => field).filter((field) => !open.includes(field));
    const said = people.said.get(group.group);
    return {
      group: group.group,
      kind,
      records: group.records.map((record) => ({
        record: record.record,
        name: nameOf(record),
        club: record.club,
        file: record.file,
        line: record.line,
        member: record.member,
      })),
      probability: doubtful(group),
      sentence: group.pairs.at(-1)?.sentence ?? "",
      fields: [...open, ...others],
      open,
      company_between_clubs: member.conflicts.some(
        ({ field, between_clubs }) => field === "company" && between_clubs,
      ),
      decision: said ? (this.decisions.find(({ id }) => id === said.id)?.label ?? null) : null,
      later: people.later.includes(group.group),
    };
  }

  private queueOf(people: People, query: QueueQuery): QueueItem[] {
    const words = (query.text ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    const items = people.groups.flatMap((group) => this.itemOf(people, group) ?? []);
    const order = (item: QueueItem) => (item.later ? 1000 + people.later.indexOf(item.group) : 0);
    return items
      .filter((item) => query.kind === "all" || item.kind === query.kind)
      .filter((item) => !query.field || item.fields.includes(query.field))
      .filter((item) => query.clubs.every((club) => item.records.some((record) => record.club === club)))
      .filter((item) => query.score_from === null || (item.probability ?? 1) >= query.score_from)
      .filter((item) => query.score_to === null || (item.probability ?? 1) < query.score_to)
      .filter((item) =>
        words.every((word) =>
          people.groups.some((group) => group.group === item.group && wordsOf(group).includes(word)),
        ),
      )
      .sort((a, b) => order(a) - order(b));
  }

  async people(importId: number) {
    await this.ready("people");
    return this.peopleView(importId);
  }
  async peopleMatch(importId: number, job: string) {
    await this.work("peopleMatch", job, "match_compare", 420);
    const people = this.peopleOf(importId);
    people.matched = true;
    people.stale = null;
    return this.peopleView(importId);
  }
  async peopleQueue(importId: number, query: QueueQuery, offset: number, limit: number): Promise<QueuePage> {
    await this.ready("peopleQueue");
    const found = this.queueOf(this.peopleOf(importId), query);
    return structuredClone({ total: found.length, items: found.slice(offset, offset + limit) });
  }

  async peopleGroup(importId: number, number: number): Promise<PersonGroup> {
    await this.ready("peopleGroup");
    const people = this.peopleOf(importId);
    const group = people.groups.find((known) => known.group === number);
    const kind = group && this.kindOf(people, group);
    if (!group || !kind) throw NO_GROUP;
    const open = this.openOf(people, group);
    const said = people.said.get(number);
    const whether = kind === "to_review" || kind === "changed";
    const queue = this.queueOf(people, { ...ALL, kind });
    const at = queue.findIndex((item) => item.group === number);
    const [first] = group.records;
    return structuredClone({
      group: number,
      kind,
      records: group.records.map(({ values: _, ...record }, index) => ({
        ...record,
        person: whether ? index : 0,
        clubs: [record.club],
        cells: cellsOf(group.records[index] as FakeGroup["records"][number]),
      })),
      pairs: group.pairs.map((pair) => ({ ...pair, decision: said?.verdict ?? null })),
      member: this.resolved(people, group),
      asked: {
        question: whether
          ? "Are these one person?"
          : open.length > 0
            ? "Which company is right?"
            : "One person",
        whether_same: whether,
        fields: open,
      },
      changed:
        kind === "changed" && first
          ? [
              {
                record: first.record,
                field: "given_name",
                before: "Anna",
                after: first.values.given_name ?? null,
                verdict: "same",
                person: "kim",
                decided: "2026-10-02T09:12:00Z",
              },
            ]
          : [],
      decisions: this.decisions.filter(({ id, reverted }) => id === said?.id && !reverted),
      previous: queue[at - 1]?.group ?? null,
      next: queue[at + 1]?.group ?? null,
    });
  }

  private note(kind: DecisionView["kind"], label: string, groups: number, values: ChosenValue[]): number {
    const id = this.decisions.length + 1;
    const decided = new Date(Date.UTC(2026, 10, 20, 16, id)).toISOString();
    this.decisions.push({ id, kind, label, groups, values, person: "sam", decided, reverted: null });
    return id;
  }

  async peopleDecide(importId: number, input: DecideInput): Promise<Decided> {
    await this.ready("peopleDecide");
    const people = this.peopleOf(importId);
    const group = people.groups.find((known) => known.group === input.group);
    const kind = group && this.kindOf(people, group);
    if (!group || !kind) throw NO_GROUP;
    const queue = this.queueOf(people, { ...ALL, kind });
    const next = queue[queue.findIndex((item) => item.group === input.group) + 1]?.group ?? null;
    if (input.verdict === "later") {
      people.later = [...people.later.filter((known) => known !== input.group), input.group];
      return { decision: null, counts: this.countPeople(people), next };
    }
    const kept = group.records.filter(({ record }) => !input.excluded.includes(record));
    const companies = new Set(kept.flatMap(({ values }) => values.company ?? []));
    if (
      input.verdict === "same" &&
      companies.size > 1 &&
      people.settings.company_conflict === "ask" &&
      !input.values.some(({ field }) => field === "company")
    )
      throw refused("The company is not settled yet.", "Choose one of the companies first.");
    const names = kept.map((record) => `${nameOf(record)} (${record.club})`).join(" and ");
    const values = input.values
      .map(({ field, value }) => `; ${field.replace("_", " ")}: ${value ?? "none"}`)
      .join("");
    const label = `${names} are ${input.verdict === "same" ? "one person" : "different people"}${values}`;
    const id = this.note(input.verdict, label, 1, input.values);
    people.said.set(input.group, {
      id,
      verdict: input.verdict,
      excluded: input.excluded,
      values: input.values,
    });
    people.later = people.later.filter((known) => known !== input.group);
    this.renumber(people);
    return { decision: id, counts: this.countPeople(people), next };
  }
  async peopleRevert(importId: number, decisionId: number) {
    await this.ready("peopleRevert");
    const decision = this.decisions.find(({ id }) => id === decisionId);
    if (!decision || decision.reverted)
      throw refused("This was reverted already.", "Look at the list of decisions.");
    decision.reverted = "2026-11-20T17:00:00Z";
    for (const people of this.matchings.values())
      for (const [group, said] of people.said) if (said.id === decisionId) people.said.delete(group);
    this.renumber(this.peopleOf(importId));
    return this.peopleView(importId);
  }
  async peopleDecisions(search: string | null, offset: number, limit: number): Promise<DecisionPage> {
    await this.ready("peopleDecisions");
    const words = (search ?? "").toLowerCase();
    const found = this.decisions.filter(({ label }) => label.toLowerCase().includes(words)).reverse();
    return structuredClone({ total: found.length, items: found.slice(offset, offset + limit) });
  }

  async peopleThresholdCounts(importId: number, { review, merge }: Thresholds): Promise<ThresholdCounts> {
    await this.ready("peopleThresholdCounts");
    const pairs = this.peopleOf(importId).groups.flatMap((group) =>
      group.pairs.map((pair) => pair.probability),
    );
    const all = [...pairs, ...BACKGROUND].filter((probability) => probability >= LOWEST);
    const from = (threshold: number) => all.filter((probability) => probability >= threshold).length;
    return { merge: from(merge), ask: from(review) - from(merge), apart: all.length - from(review) };
  }
  async peopleSetThresholds(importId: number, thresholds: Thresholds, job: string) {
    await this.work("peopleSetThresholds", job, "match_cluster", 420);
    this.peopleOf(importId).thresholds = { ...thresholds };
    return this.peopleView(importId);
  }

  private conflictFree(people: People, query: QueueQuery): QueueItem[] {
    return this.queueOf(people, { ...query, kind: "to_review" }).filter(({ open }) => open.length === 0);
  }
  async peopleBulkPreview(importId: number, query: QueueQuery): Promise<BulkPreview> {
    await this.ready("peopleBulkPreview");
    const people = this.peopleOf(importId);
    const free = this.conflictFree(people, query);
    const fields = new Map<Field, number>();
    for (const field of free.flatMap((item) => item.fields)) fields.set(field, (fields.get(field) ?? 0) + 1);
    return structuredClone({
      groups: free.length,
      records: free.reduce((sum, { records }) => sum + records.length, 0),
      left: this.queueOf(people, { ...query, kind: "to_review" }).length - free.length,
      samples: free
        .slice(0, 8)
        .map((item) => ({ item, name: item.records[0]?.name ?? "", fields: item.fields })),
      fields: [...fields].map(([field, groups]) => ({ field, groups })),
    });
  }
  async peopleBulkMerge(importId: number, query: QueueQuery, job: string): Promise<BulkMerged> {
    await this.work("peopleBulkMerge", job, "people_settle", 40);
    const people = this.peopleOf(importId);
    const free = this.conflictFree(people, query);
    if (free.length === 0) return { decision: null, groups: 0, records: 0, counts: this.countPeople(people) };
    const id = this.note("bulk", `${free.length} groups are one person each`, free.length, []);
    for (const item of free) people.said.set(item.group, { id, verdict: "same", excluded: [], values: [] });
    const records = free.reduce((sum, item) => sum + item.records.length, 0);
    return { decision: id, groups: free.length, records, counts: this.countPeople(people) };
  }

  async survivorship(importId: number): Promise<SurvivorshipView> {
    await this.ready("survivorship");
    const { settings } = this.peopleOf(importId);
    return structuredClone({ settings, problems: problemsOf(settings), clubs: [...CLUBS] });
  }
  async survivorshipPreview(importId: number, settings: SurvivorshipSettings): Promise<RulesPreview> {
    await this.ready("survivorshipPreview");
    const people = this.peopleOf(importId);
    return compareRules(people.groups, people.settings, { ...DEFAULT_RULES, ...settings });
  }
  async survivorshipSet(importId: number, settings: SurvivorshipSettings, job: string) {
    await this.work("survivorshipSet", job, "people_settle", 40);
    this.peopleOf(importId).settings = { ...DEFAULT_RULES, ...structuredClone(settings) };
    return this.peopleView(importId);
  }
}

const ALL: QueueQuery = { kind: "all", field: null, clubs: [], score_from: null, score_to: null, text: null };
