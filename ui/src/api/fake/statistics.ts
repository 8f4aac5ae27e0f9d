import type {
  Combination,
  Group,
  MemberView,
  Statistics,
  StatisticsQuery,
  StatisticsView,
} from "../bindings";

const AGES = [0, 18, 25, 35, 45, 55, 65, 75];
const TENURES = [0, 1, 3, 5, 10, 20];

const textOf = ({ values }: Pick<MemberView, "values">, field: string) =>
  values.find((value) => value.field === field)?.value ?? null;

function labelOf(starts: number[], at: number): string {
  const [start, next] = [starts[at] ?? 0, starts[at + 1]];
  if (next === undefined) return `${start} and over`;
  if (start === 0) return `under ${next}`;
  return next - start === 1 ? String(start) : `${start}–${next - 1}`;
}

/** Completed years; a reduced date counts from its first day. */
function yearsUntil(date: string | null | undefined, asOf: string): number | null {
  if (!date) return null;
  const from = `${date}-01-01`.slice(0, 10);
  const years = Number(asOf.slice(0, 4)) - Number(from.slice(0, 4));
  const completed = asOf.slice(5) < from.slice(5) ? years - 1 : years;
  return completed < 0 ? null : completed;
}

function banded(starts: number[], years: (number | null)[]): Group[] {
  const inBand = (at: number) => (year: number | null) =>
    year !== null && year >= (starts[at] ?? 0) && year < (starts[at + 1] ?? Number.POSITIVE_INFINITY);
  const groups = starts.map((_, at) => ({
    name: labelOf(starts, at),
    members: years.filter(inBand(at)).length,
  }));
  const unknown = years.filter((year) => year === null).length;
  return unknown > 0 ? [...groups, { name: null, members: unknown }] : groups;
}

const mostFirst = (a: Group, b: Group) => b.members - a.members || (a.name ?? "").localeCompare(b.name ?? "");

function named(names: (string | null)[]): Group[] {
  const counts = new Map<string | null, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const groups = [...counts].map(([name, members]) => ({ name, members }));
  const known = groups.filter(({ name }) => name !== null).sort(mostFirst);
  return [...known, ...groups.filter(({ name }) => name === null)];
}

function together(clubsOf: string[][]): Combination[] {
  const counts = new Map<string, Combination>();
  for (const clubs of clubsOf) {
    const key = clubs.join("\n");
    counts.set(key, { clubs, members: (counts.get(key)?.members ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.members - a.members || a.clubs.length - b.clubs.length);
}

function count(members: MemberView[], club: string | null, asOf: string): Statistics {
  const clubsOf = members.map(({ memberships }) => [...new Set(memberships.map((of) => of.club))].sort());
  const clubs = [...new Set(clubsOf.flat())].sort();
  const both = (a: string, b: string) => clubsOf.filter((of) => of.includes(a) && of.includes(b)).length;
  const tenureOf = ({ memberships }: MemberView) => {
    const counted = memberships.filter((of) => club === null || of.club === club);
    const years = counted.flatMap((of) => yearsUntil(textOf(of, "member_since"), asOf) ?? []);
    return years.length > 0 ? Math.max(...years) : null;
  };
  return {
    members: members.length,
    memberships: members.reduce((sum, { memberships }) => sum + memberships.length, 0),
    by_state: named(members.map((member) => textOf(member, "state"))),
    by_company: named(members.map((member) => textOf(member, "company"))),
    by_age: banded(
      AGES,
      members.map((member) => yearsUntil(textOf(member, "birth_date"), asOf)),
    ),
    by_club: clubs.map((name) => ({ name, members: both(name, name) })).sort(mostFirst),
    by_tenure: banded(TENURES, members.map(tenureOf)),
    overlap: {
      clubs,
      combinations: together(clubsOf),
      pairs: clubs.map((a) => clubs.map((b) => both(a, b))),
    },
  };
}

/** The statistics of some members, as the engine counts them. `clubs`: the names by the numbers from 1. */
export function statisticsOf(members: MemberView[], query: StatisticsQuery, clubs: string[]): StatisticsView {
  const asOf = query.as_of ?? "2026-11-25";
  const club = query.club === null ? null : (clubs[query.club - 1] ?? null);
  const counted = members.filter(
    ({ memberships }) => club === null || memberships.some((of) => of.club === club),
  );
  const nothing = { groups: 0, members: 0 };
  return {
    as_of: asOf,
    club,
    statistics: count(counted, club, asOf),
    more_companies: nothing,
    more_combinations: nothing,
  };
}
