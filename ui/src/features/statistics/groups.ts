import type { Group, LeftOut } from "../../api";

/** A bar of a chart, or a row of its table. */
export type Bar = { key: string; label: string; members: number; kind: "group" | "others" | "unknown" };

/** What is said of those of whom it is not known. */
export const UNKNOWN = "Not known";

const barOf = ({ name, members }: Group): Bar =>
  name === null
    ? { key: "unknown", label: UNKNOWN, members, kind: "unknown" }
    : { key: `group-${name}`, label: name, members, kind: "group" };

/** All groups; those that the backend left out are one, before those of whom it is not known. */
export function barsOf(groups: Group[], more?: LeftOut): Bar[] {
  const bars = groups.map(barOf);
  if (!more || more.groups === 0) return bars;
  const unknown = bars.filter(({ kind }) => kind === "unknown");
  return [...bars.filter(({ kind }) => kind === "group"), othersOf(more.groups, more.members), ...unknown];
}

function othersOf(groups: number, members: number): Bar {
  return { key: "others", label: `${groups.toLocaleString("en-US")} others`, members, kind: "others" };
}

/** The first bars, with all further groups as one, if that saves any room. */
export function topOf(groups: Group[], top: number, more?: LeftOut): Bar[] {
  const known = groups.filter(({ name }) => name !== null);
  if (known.length <= top + 1 && !more?.groups) return barsOf(groups);
  const rest = known.slice(top);
  const members = rest.reduce((sum, group) => sum + group.members, 0) + (more?.members ?? 0);
  const others = othersOf(rest.length + (more?.groups ?? 0), members);
  const unknown = groups.filter(({ name }) => name === null).map(barOf);
  return [...known.slice(0, top).map(barOf), others, ...unknown];
}

/** The members of the longest bar. Many groups together have none: it would make those of single groups short. */
export function longestOf(bars: Bar[]): number {
  return Math.max(1, ...bars.filter(({ kind }) => kind !== "others").map(({ members }) => members));
}

/** A whole day as `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
