import { useCallback, useState } from "react";
import {
  type DecideInput,
  type PeopleView,
  type PersonGroup,
  type QueueKind,
  type QueueQuery,
  useApi,
  type Verdict,
} from "../../api";
import { plural } from "../../components/format";
import { findGroup, type Seen, sameRecords } from "./findGroup";
import type { Dialog } from "./Head";
import { type SaidWords, SILENT } from "./Said";
import { type Failed, useDecisions } from "./useDecisions";
import { useOpenGroup, usePrefetch } from "./useOpenGroup";
import { useQueue } from "./useQueue";
import { useShortcuts } from "./useShortcuts";
import { ANY, firstKind, namesOf } from "./words";

const SAID: Record<Verdict, string> = {
  same: "Same person.",
  different: "Different people.",
  later: "Put off.",
};

/** What the queue shows, and what was said last. */
function useView(people: PeopleView) {
  const [query, setQuery] = useState<QueueQuery>(() => ({ ...ANY, kind: firstKind(people.counts) }));
  const [at, setAt] = useState(0);
  const [cleared, setCleared] = useState(0);
  const [said, say] = useState<SaidWords>(SILENT);
  const onSay = useCallback((words: string) => say({ ...SILENT, words }), []);
  const [failed, setFailed] = useState<Failed | null>(null);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  return {
    ...{ query, setQuery, at, setAt, cleared, said, say, onSay, failed, setFailed, dialog, setDialog },
    /** Clears what is typed in the search, too. */
    clearFilters: () => setCleared((times) => times + 1),
  };
}

type View = ReturnType<typeof useView>;

function useDeciding(importId: number, view: View, open: (group: Seen | null) => void) {
  return useDecisions(importId, {
    onDecided: ({ words, next }, left) =>
      view.say({
        words,
        next,
        left: left === 0 ? "Nothing is left to settle." : `${plural(left, "group")} left.`,
      }),
    onFailed: (failure) => {
      view.setFailed(failure);
      view.onSay("The decision was not taken.");
      if (failure.seen) open(failure.seen);
    },
    onUndone: ({ words }, item) => {
      view.onSay(`Taken back: ${words}`);
      if (!item) return;
      if (item.kind !== view.query.kind && view.query.kind !== "all")
        view.setQuery({ ...ANY, kind: item.kind });
      open(item);
    },
    onNothing: () => view.onSay("Nothing was decided here yet. Earlier decisions are under Decisions."),
  });
}

/** The queue, the open group and the decisions, and the keys that lead from one to the other. */
export function usePeopleWork(importId: number, people: PeopleView) {
  const api = useApi();
  const view = useView(people);
  const { query, at, setAt, dialog, setDialog } = view;
  const [chosen, open] = useState<Seen | null>(null);
  const queue = useQueue(importId, query, at);
  const decisions = useDeciding(importId, view, open);
  const { group, next, move } = useOpenGroup({ queue, at, setAt, settled: decisions.settled, chosen, open });
  usePrefetch(importId, next?.group ?? null);
  const change = (changed: QueueQuery) => {
    view.setQuery(changed);
    setAt(0);
    view.onSay("");
    open(null);
  };
  const clear = (kind: QueueKind) => {
    change({ ...ANY, kind });
    view.clearFilters();
  };
  const goNext = () => (next ? open(next) : view.onSay("There is no other group here."));
  const decide = (input: DecideInput, seen: PersonGroup) => {
    view.setFailed(null);
    decisions.decide({ input, seen, words: SAID[input.verdict], next: next && namesOf(next) });
    open(next);
  };
  const { onSay } = view;
  // The open group has another number now: it is found by its records, or the first one is opened.
  const reopen = useCallback(
    async (seen: Seen) => {
      const found = await findGroup(api, importId, seen).catch(() => null);
      if (!found || !sameRecords(found.records, seen.records))
        onSay("A decision changed this group. Look at it again.");
      open(found);
    },
    [api, importId, onSay],
  );
  useShortcuts(dialog === null, (key, event) => {
    const arrow = event.target === document.body ? { arrowdown: 1, arrowup: -1 }[key] : undefined;
    const by = { j: 1, k: -1 }[key] ?? arrow;
    if (by !== undefined) move(by);
    else if (key === "u") decisions.undo();
    else if (key === "n") goNext();
    else if (key === "?") setDialog("keys");
    else return false;
    return true;
  });
  return { ...view, queue, decisions, group, open, move, change, clear, goNext, decide, reopen };
}
