import type { QueryClient } from "@tanstack/react-query";
import type { PeopleCounts, PeopleView } from "../../api";
import { keys } from "../../components/queryKeys";

/** What hangs on who is who, asked for again; resolves when what is on screen is up to date. */
export function forgetGroups(client: QueryClient, importId: number): Promise<void> {
  client.removeQueries({ queryKey: keys.plan(importId) });
  client.invalidateQueries({ queryKey: keys.decisions });
  // Groups may have other numbers now: what is not on screen is dropped, so that no number shows what it was.
  client.removeQueries({ queryKey: keys.peopleGroup(importId), type: "inactive" });
  client.invalidateQueries({ queryKey: keys.peopleGroup(importId) });
  return client.invalidateQueries({ queryKey: keys.peopleQueue(importId) });
}

/** Takes the state of the People step as a call answered it. */
export function takePeople(client: QueryClient, importId: number, view: PeopleView): Promise<void> {
  client.setQueryData(keys.people(importId), view);
  return forgetGroups(client, importId);
}

/** Takes the counts after a decision. */
export function takeCounts(client: QueryClient, importId: number, counts: PeopleCounts): Promise<void> {
  client.setQueryData<PeopleView>(keys.people(importId), (old) => (old ? { ...old, counts } : old));
  return forgetGroups(client, importId);
}
