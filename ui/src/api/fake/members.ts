import type {
  Field,
  FieldChange,
  FieldProblem,
  FieldValue,
  FoundMember,
  HistoryEntry,
  MemberChoices,
  MemberEdit,
  MemberPage,
  MemberQuery,
  MembershipView,
  MemberView,
  NewMember,
  StatisticsQuery,
  UndoReport,
  UserError,
  ValueOrigin,
  Written,
} from "../bindings";
import { COMPANIES, STATES } from "./data";
import { FakeSchedules } from "./schedules";
import { statisticsOf } from "./statistics";

const FIELDS: Field[] = [
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
const OF_MEMBERSHIP: Field[] = ["member_since", "last_active", "score"];
const CLUBS = ["Unity Golf Club", "US Softball League", "Harbour Rowing Club"];
/** Of which some members of the others are, too. */
const SECOND_CLUB = "Lakeside Tennis Club";
const ALL_CLUBS = [...CLUBS, SECOND_CLUB];
const GIVEN = ["Ann", "Maria", "Robert", "Lee", "Kelly", "Noah", "Ines", "Tom", "Grace", "Omar"];
const FAMILY = ["Lee", "de la Cruz", "Roberts", "Nguyen", "O’Neil", "Silva", "Hart"];

const refused = (message: string, help: string | null = null): UserError => ({
  code: "refused",
  message,
  help,
});
const NOT_FOUND: UserError = {
  code: "not_found",
  message: "This member does not exist any more",
  help: "It may have been removed in another window. Go back and choose again.",
};

type Stored = MemberView;

export function valueIn(values: FieldValue[], field: Field): string | null {
  return values.find((value) => value.field === field)?.value ?? null;
}
function valuesOf(fields: Field[], given: Partial<Record<Field, string | null>>): FieldValue[] {
  return fields.map((field) => ({ field, value: given[field] || null }));
}

/** The members of the fake backend's database. */
export abstract class FakeMembers extends FakeSchedules {
  private members: Stored[] = [];
  private entry = 1;
  /** what each entry did, for its undo */
  private undos = new Map<number, () => void>();

  /** Seventy members in three clubs, as a push brought them. */
  protected fillMembers() {
    for (let at = 0; at < 70; at++) {
      const [given, family] = [GIVEN[at % GIVEN.length] ?? "", FAMILY[at % FAMILY.length] ?? ""];
      const club = CLUBS[at % CLUBS.length] ?? "";
      const born = `${1940 + ((at * 7) % 60)}-0${1 + (at % 9)}-1${at % 10}`;
      this.members.push({
        id: at + 1,
        version: 1,
        values: valuesOf(FIELDS, {
          given_name: given,
          family_name: family,
          preferred_name: at % 12 === 2 ? "Bob" : null,
          birth_date: born,
          company: COMPANIES[at % COMPANIES.length] ?? null,
          state: at % 23 === 7 ? null : (STATES[at % STATES.length]?.[1] ?? null),
          email: at % 4 === 0 ? `${given.toLowerCase()}${at}@example.org` : null,
        }),
        origins: [],
        company_unknown: false,
        memberships: [
          {
            id: at + 1,
            club,
            source_key: `${1000 + at}`,
            values: valuesOf(OF_MEMBERSHIP, {
              member_since: `${2001 + (at % 20)}`,
              score: `${60 + (at % 40)}`,
            }),
            origins: [],
            unified_score: null,
          },
          ...(at % 10 === 5 ? [this.second(at)] : []),
        ],
        history: [this.happened(1, "push", "added", [])],
        sources: [
          {
            club,
            file: `${club.toLowerCase().replaceAll(" ", "_")}.csv`,
            sha256: "a".repeat(64),
            line: at + 2,
            push: 1,
            import_name: "Autumn lists",
            person: "pat",
            pushed: "2026-09-01T08:00:00.000Z",
            rules: at === 3 ? ["unreadable_date"] : [],
          },
        ],
        merged_from: [],
      });
    }
  }

  private second(at: number): MembershipView {
    const values = valuesOf(OF_MEMBERSHIP, { member_since: "2019-05" });
    return {
      id: 1000 + at,
      club: SECOND_CLUB,
      source_key: `T-${at}`,
      values,
      origins: [],
      unified_score: null,
    };
  }

  protected happened(
    entry: number,
    kind: string,
    event: HistoryEntry["event"],
    changes: FieldChange[],
    person = "pat",
  ): HistoryEntry {
    const at = entry === 1 ? "2026-09-01T08:00:00.000Z" : "2026-11-20T09:30:00.000Z";
    const import_name = kind === "push" ? "Autumn lists" : "";
    return { entry, kind, event, person, at, import_name, undoes: null, undone: null, changes };
  }

  private member(id: number): Stored {
    const found = this.members.find((member) => member.id === id);
    if (!found) throw NOT_FOUND;
    return found;
  }

  protected confirm(confirmed: string | null) {
    const { name, environment } = this.activeProfile();
    if (environment === "prod" && confirmed?.trim() !== name) throw refused(`${name} is a prod profile.`);
  }

  protected notFound(): UserError {
    return NOT_FOUND;
  }

  /** A member as the person saw them; without a version, as they are. */
  protected seen(id: number, version: number | null): Stored {
    const found = this.member(id);
    if (version !== null && found.version !== version) {
      const last = found.history[0];
      throw refused(
        `This member was changed meanwhile by ${last?.person} on ${last?.at} (entry ${found.version})`,
        "Nothing was written. Reload the member to see what changed, then make your change again.",
      );
    }
    return found;
  }

  protected nextEntry(): number {
    return this.entry + 1;
  }

  private keep(before: Stored | null, after: Stored | null): number {
    return this.replace(before ? [before] : [], after ? [after] : []);
  }

  /** Puts members in the place of others, as one entry that can be undone. */
  protected replace(before: Stored[], after: Stored[]): number {
    const entry = ++this.entry;
    const ids = new Set([...before, ...after].map(({ id }) => id));
    const others = () => this.members.filter((member) => !ids.has(member.id));
    this.members = [...others(), ...after.map((member) => ({ ...member, version: entry }))];
    this.undos.set(entry, () => {
      this.members = [...others(), ...before];
    });
    return entry;
  }

  async membersSearch(query: MemberQuery, offset: number, limit: number): Promise<MemberPage> {
    await this.ready("membersSearch");
    const words = (query.name ?? "")
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean);
    const club = query.club === null ? null : ALL_CLUBS[query.club - 1];
    const company = query.company === null ? null : COMPANIES[query.company - 1];
    const found = this.members.filter((member) => {
      const of = (field: Field) => valueIn(member.values, field);
      const names = [of("given_name"), of("family_name"), of("preferred_name")].map(
        (n) => n?.toLowerCase() ?? "",
      );
      return (
        words.every((word) => names.some((name) => name.startsWith(word) || name.includes(` ${word}`))) &&
        (of("birth_date") ?? "").startsWith(query.born ?? "") &&
        (query.state === null || of("state") === query.state) &&
        (company === null || of("company") === company) &&
        (club === null || member.memberships.some((membership) => membership.club === club))
      );
    });
    const name = (member: Stored) =>
      `${valueIn(member.values, "family_name")} ${valueIn(member.values, "given_name")}`.toLowerCase();
    found.sort((a, b) => name(a).localeCompare(name(b)) || a.id - b.id);
    return {
      rows: found.slice(offset, offset + limit).map(rowOf),
      count: found.length,
      more: false,
    };
  }
  async memberChoices(search: string | null): Promise<MemberChoices> {
    await this.ready("memberChoices");
    const all = (names: string[]) => names.map((name, at) => ({ id: at + 1, name }));
    const companies = all(COMPANIES).filter(({ name }) =>
      name.toLowerCase().includes((search ?? "").toLowerCase()),
    );
    const states = new Set(this.members.flatMap((member) => valueIn(member.values, "state") ?? []));
    return { clubs: all(ALL_CLUBS), companies, states: [...states].sort() };
  }
  async memberView(id: number): Promise<MemberView> {
    await this.ready("memberView");
    return withOrigins(structuredClone(this.member(id)));
  }
  async memberCheck(values: FieldValue[]): Promise<FieldProblem[]> {
    await this.ready("memberCheck");
    const wrong = ({ field, value }: FieldValue) => {
      if (!value) return null;
      if (field === "birth_date" && !/^\d{4}-\d\d-\d\d$/.test(value)) {
        return "The text is not a date. Type it as YYYY-MM-DD.";
      }
      return field === "email" && !value.includes("@")
        ? "The text has not the form of an e-mail address."
        : null;
    };
    return values.flatMap((value) => {
      const message = wrong(value);
      return message ? [{ field: value.field, message }] : [];
    });
  }
  async memberCreate(member: NewMember, confirmed: string | null, job: string): Promise<Written> {
    await this.work("memberCreate", job, "Saving", 1);
    this.confirm(confirmed);
    const given = Object.fromEntries(member.values.map(({ field, value }) => [field, value]));
    const id = Math.max(0, ...this.members.map((other) => other.id)) + 1;
    const created: Stored = {
      id,
      version: 0,
      values: valuesOf(FIELDS, given),
      origins: [],
      company_unknown: false,
      memberships: [
        {
          id,
          club: member.club,
          source_key: given.source_key ?? "d85d0145083d2ee2bcf4053680eb0e32",
          values: valuesOf(OF_MEMBERSHIP, given),
          origins: [],
          unified_score: null,
        },
      ],
      history: [this.happened(this.entry + 1, "edit", "added", [], "you")],
      sources: [],
      merged_from: [],
    };
    return { member: id, entry: this.keep(null, created) };
  }
  async memberEdit(id: number, edit: MemberEdit, confirmed: string | null, job: string): Promise<Written> {
    await this.work("memberEdit", job, "Saving", 1);
    this.confirm(confirmed);
    return this.change(id, edit, "you");
  }
  private change(id: number, edit: MemberEdit, person: string): Written {
    const before = this.seen(id, edit.version);
    const after = structuredClone(before);
    const changes: FieldChange[] = [];
    const apply = (to: FieldValue[], changed: FieldValue[], club: string | null) => {
      for (const { field, value } of changed) {
        const kept = to.find((of) => of.field === field);
        if (!kept || kept.value === value) continue;
        changes.push({ field, club, before: kept.value, after: value });
        kept.value = value;
      }
    };
    apply(after.values, edit.values, null);
    for (const { id: membershipId, values } of edit.memberships) {
      const membership = after.memberships.find((of) => of.id === membershipId);
      if (membership) apply(membership.values, values, membership.club);
    }
    if (changes.length === 0) return { member: id, entry: null };
    after.history.unshift(this.happened(this.entry + 1, "edit", "changed", changes, person));
    return { member: id, entry: this.keep(before, after) };
  }
  /** As if somebody else changed a member in another window. */
  changeElsewhere(id: number, values: FieldValue[]) {
    this.change(id, { version: this.member(id).version, values, memberships: [] }, "kim");
  }
  async memberRemove(id: number, version: number, confirmed: string | null, job: string): Promise<Written> {
    await this.work("memberRemove", job, "Deleting", 1);
    this.confirm(confirmed);
    return { member: id, entry: this.keep(this.seen(id, version), null) };
  }
  async statistics(query: StatisticsQuery, job: string) {
    await this.work("statistics", job, "count", this.members.length);
    return statisticsOf(this.members, query, ALL_CLUBS);
  }
  async statisticsSave(query: StatisticsQuery, job: string) {
    await this.work("statisticsSave", job, "count", this.members.length);
    const { statistics } = statisticsOf(this.members, query, ALL_CLUBS);
    return { name: "statistics.xlsx", rows: statistics.by_state.length, size: 9_000 };
  }
  /** Takes back a change by hand; none where the entry is no such one. */
  protected undoByHand(entry: number): UndoReport | null {
    const undo = this.undos.get(entry);
    if (!undo) return null;
    this.undos.delete(entry);
    undo();
    const none = { removed: 0, restored: 0, kept: 0, scores_restored: 0, scores_kept: 0, kept_members: [] };
    return { push: entry, undo: ++this.entry, brought_back: 1, ...none };
  }
}

/** Each value with where it comes from: the row of the list, or the person who wrote the field last. */
function withOrigins(member: Stored): Stored {
  const of = (values: FieldValue[], club: string | null): ValueOrigin[] =>
    values
      .filter(({ value }) => value !== null)
      .map(({ field }) => {
        const wrote = member.history.find(
          ({ event, changes }) =>
            event === "added" ||
            changes.some((change) => change.field === field && (change.club ?? null) === club),
        );
        const source = wrote?.kind === "push" ? member.sources[0] : undefined;
        return {
          field,
          entry: wrote?.entry ?? 1,
          kind: wrote?.kind ?? "push",
          person: wrote?.person ?? "pat",
          at: wrote?.at ?? "",
          file: source?.file ?? null,
          line: source?.line ?? null,
          rule: source && field === "company" ? "newest by last active" : null,
          member: null,
        };
      });
  const memberships = member.memberships.map((membership) => ({
    ...membership,
    origins: of(membership.values, membership.club),
  }));
  return { ...member, origins: of(member.values, null), memberships };
}

function rowOf(member: Stored): FoundMember {
  const of = (field: Field) => valueIn(member.values, field);
  return {
    id: member.id,
    given_name: of("given_name"),
    middle_name: of("middle_name"),
    family_name: of("family_name"),
    suffix: of("suffix"),
    preferred_name: of("preferred_name"),
    birth_date: of("birth_date"),
    company: of("company"),
    state: of("state"),
    clubs: member.memberships.map(({ club }) => club),
  };
}
