import { useQueries } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { type QueueItem, type QueuePage, type QueueQuery, useApi } from "../../api";
import { keys } from "../../components/queryKeys";

/** Groups of a page: one call of the backend. */
const PAGE = 100;

export type Window = { first: number; last: number };

/** The pages that hold these places of the queue. */
function pagesOf(windows: Window[]): number[] {
  const pages = new Set<number>();
  for (const { first, last } of windows)
    for (let page = Math.floor(Math.max(0, first) / PAGE); page <= Math.floor(last / PAGE); page++)
      pages.add(page);
  return [...pages].sort((a, b) => a - b);
}

/** The groups that a query finds, fetched a page at a time: those in sight, and those around the open one. */
export function useQueue(importId: number, query: QueueQuery, at: number) {
  const api = useApi();
  const [sight, setSight] = useState<Window>({ first: 0, last: 20 });
  const pages = pagesOf([sight, { first: at - 1, last: at + 2 }]);
  const results = useQueries({
    queries: pages.map((page) => ({
      queryKey: [...keys.peopleQueue(importId), query, page],
      queryFn: () => api.peopleQueue(importId, query, page * PAGE, PAGE),
      staleTime: 0,
    })),
    combine: (all) => ({
      pages: all.map(({ data }) => data),
      error: all.find(({ error }) => error)?.error ?? null,
      retry: () => Promise.all(all.map(({ refetch }) => refetch())),
    }),
  });
  const loaded = useMemo(() => {
    const byPlace = new Map<number, QueueItem>();
    for (const [index, page] of pages.entries()) {
      const data: QueuePage | undefined = results.pages[index];
      for (const [offset, item] of (data?.items ?? []).entries()) byPlace.set(page * PAGE + offset, item);
    }
    return byPlace;
  }, [pages, results.pages]);
  const total = results.pages.find((page) => page !== undefined)?.total ?? null;
  return {
    /** null: not known yet */
    total,
    loaded,
    /** The place of a group, as far as it is loaded. */
    placeOf: (group: number) => [...loaded].find(([, item]) => item.group === group)?.[0] ?? null,
    error: results.error,
    retry: results.retry,
    onSight: setSight,
  };
}

export type Queue = ReturnType<typeof useQueue>;
