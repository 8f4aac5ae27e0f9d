import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { type QueueItem, useApi } from "../../api";
import { keys } from "../../components/queryKeys";
import type { Seen } from "./findGroup";
import type { Queue } from "./useQueue";

type Way = {
  queue: Queue;
  at: number;
  setAt: (at: number) => void;
  /** decided, while the queue does not know it yet */
  settled: ReadonlySet<number>;
  /** null: the first one */
  chosen: Seen | null;
  open: (group: Seen | null) => void;
};

/** Which group is open, and the ways from it to others. Groups just decided are passed over. */
export function useOpenGroup({ queue, at, setAt, settled, chosen, open }: Way) {
  const places = [...queue.loaded].sort(([a], [b]) => a - b).filter(([, item]) => !settled.has(item.group));
  // While the page of a far place is fetched, no other group is opened in its stead.
  const isFetched = queue.loaded.has(at) || at >= (queue.total ?? 0);
  const first = (places.find(([place]) => place >= at) ?? places[0])?.[1] ?? null;
  const group: Seen | null = chosen ?? (isFetched ? first : null);
  const place = group === null ? null : queue.placeOf(group.group);
  useEffect(() => {
    if (place !== null && place !== at) setAt(place);
  }, [place, at, setAt]);
  const here = place ?? at;
  // The next one that is not decided; round to the first at the end.
  const others = places.filter(([, item]) => item.group !== group?.group);
  const next: QueueItem | null = (others.find(([other]) => other > here) ?? others[0])?.[1] ?? null;
  const move = (by: number) => {
    const total = queue.total ?? 0;
    const to = Math.min(total - 1, Math.max(0, here + by));
    const item = queue.loaded.get(to);
    if (item) open(item);
    // Far away: the page is fetched, and opens what is there.
    else if (total > 0) {
      setAt(to);
      open(null);
    }
  };
  return { group, next, move };
}

/** Keeps the group that comes next fetched, so that it is there at once. */
export function usePrefetch(importId: number, group: number | null) {
  const api = useApi();
  useQuery({
    queryKey: [...keys.peopleGroup(importId), group],
    queryFn: () => api.peopleGroup(importId, group ?? 0),
    enabled: group !== null,
    staleTime: 10_000,
  });
}
