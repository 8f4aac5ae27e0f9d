import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { type QueueItem, useApi } from "../../api";
import { keys } from "../../components/queryKeys";
import type { Queue } from "./useQueue";

type Way = {
  queue: Queue;
  at: number;
  setAt: (at: number) => void;
  /** decided, while the queue does not know it yet */
  settled: ReadonlySet<number>;
  /** null: the first one */
  chosen: number | null;
  open: (group: number | null) => void;
};

/** Which group is open, and the ways from it to others. Groups just decided are passed over. */
export function useOpenGroup({ queue, at, setAt, settled, chosen, open }: Way) {
  const places = [...queue.loaded].sort(([a], [b]) => a - b).filter(([, item]) => !settled.has(item.group));
  // While the page of a far place is fetched, no other group is opened in its stead.
  const isFetched = queue.loaded.has(at) || at >= (queue.total ?? 0);
  const first = (places.find(([place]) => place >= at) ?? places[0])?.[1].group ?? null;
  const group = chosen ?? (isFetched ? first : null);
  const place = group === null ? null : queue.placeOf(group);
  useEffect(() => {
    if (place !== null && place !== at) setAt(place);
  }, [place, at, setAt]);
  const here = place ?? at;
  // The next one that is not decided; round to the first at the end.
  const others = places.filter(([, item]) => item.group !== group);
  const next: QueueItem | null = (others.find(([other]) => other > here) ?? others[0])?.[1] ?? null;
  const move = (by: number) => {
    const total = queue.total ?? 0;
    const to = Math.min(total - 1, Math.max(0, here + by));
    const item = queue.loaded.get(to);
    if (item) open(item.group);
    // Far away: the page is fetched, and opens what is there.
    else if (total > 0) {
      setAt(to);
      open(null);
    }
  };
  return { group, next, move };
}

/** Fetches the group that comes next, so that it is there at once. */
export function usePrefetch(importId: number, group: number | null) {
  const api = useApi();
  const client = useQueryClient();
  useEffect(() => {
    if (group === null) return;
    client.prefetchQuery({
      queryKey: [...keys.peopleGroup(importId), group],
      queryFn: () => api.peopleGroup(importId, group),
      staleTime: 10_000,
    });
  }, [api, client, importId, group]);
}
