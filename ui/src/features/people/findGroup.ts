import type { QueryClient } from "@tanstack/react-query";
import type { Api, PersonGroup, QueueItem, UserError } from "../../api";
import { keys } from "../../components/queryKeys";
import { ANY } from "./words";

/** A group as a person sees it. Numbers of groups may change with a decision about records beside it; records stay. */
export type Seen = Pick<PersonGroup, "group" | "records"> | Pick<QueueItem, "group" | "records">;

const MOVED: UserError = {
  code: "not_found",
  message: "These records are together with others now.",
  help: "A decision about one of them changed the group. Look at it again, then decide.",
};

const numbers = (records: { record: number }[]) => records.map(({ record }) => record).sort((a, b) => a - b);

/** Whether two groups have the same records. */
export const sameRecords = (one: { record: number }[], other: { record: number }[]) =>
  numbers(one).join() === numbers(other).join();

/** The group that holds these records now, or most of them. */
export async function findGroup(api: Api, importId: number, seen: Seen): Promise<QueueItem | null> {
  const [first] = seen.records;
  if (!first) return null;
  const own = new Set(numbers(seen.records));
  const shared = (item: QueueItem) => item.records.filter(({ record }) => own.has(record)).length;
  const text = "key" in first ? first.key : first.name;
  const { items } = await api.peopleQueue(importId, { ...ANY, kind: "all", text }, 0, 200);
  const best = items.filter((item) => shared(item) > 1).sort((a, b) => shared(b) - shared(a))[0];
  return items.find((item) => sameRecords(item.records, seen.records)) ?? best ?? null;
}

/**
 * The number that a group has now, so that a decision is about the records that the person saw. Asks only if something
 * was decided since they were fetched.
 *
 * Throws a `UserError` where its records are not a group of their own any more.
 */
export async function numberNow(
  api: Api,
  client: QueryClient,
  importId: number,
  seen: Seen,
): Promise<number> {
  const state = client.getQueryState<PersonGroup>([...keys.peopleGroup(importId), seen.group]);
  if (state?.data && !state.isInvalidated && sameRecords(state.data.records, seen.records)) return seen.group;
  const now = await api.peopleGroup(importId, seen.group).catch(() => null);
  if (now && sameRecords(now.records, seen.records)) return seen.group;
  const found = await findGroup(api, importId, seen);
  if (!found || !sameRecords(found.records, seen.records)) throw MOVED;
  return found.group;
}
