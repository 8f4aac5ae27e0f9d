import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { type DecideInput, type QueueItem, useApi } from "../../api";
import { findGroup, numberNow, type Seen } from "./findGroup";
import { takeCounts, takePeople } from "./takePeople";

/** Something that U takes back: a decision, or a group that was put off. */
type Done = { decision: number | null; seen: Seen | null; words: string };
/** `next`: names of the group that is opened then */
type Asked = { input: DecideInput; seen: Seen; words: string; next: string | null };
export type Failed = { error: unknown; seen: Seen | null };

type Told = {
  /** a decision was taken: what it was, and how many of its kind are left */
  onDecided: (asked: Asked, left: number) => void;
  onFailed: (failed: Failed) => void;
  /** taken back; the group that its records are now, if it was about one */
  onUndone: (done: Done, item: QueueItem | null) => void;
  onNothing: () => void;
};

/** Deciding and undoing. Both are carried out one after the other, so the person need not wait for an answer. */
export function useDecisions(importId: number, told: Told) {
  const api = useApi();
  const client = useQueryClient();
  const stack = useRef<Done[]>([]);
  const scope = { id: `people-${importId}` };
  /** decided, while the queue on screen does not know it yet */
  const [settled, setSettled] = useState<ReadonlySet<number>>(new Set());
  const forget = (group: number) =>
    setSettled((before) => new Set([...before].filter((known) => known !== group)));
  const decide = useMutation({
    scope,
    mutationFn: async ({ input, seen }: Asked) =>
      api.peopleDecide(importId, { ...input, group: await numberNow(api, client, importId, seen) }),
    onMutate: ({ input }) => setSettled((before) => new Set(before).add(input.group)),
    onSuccess: ({ decision, counts }, asked) => {
      stack.current.push({ decision, seen: asked.seen, words: asked.words });
      void takeCounts(client, importId, counts).finally(() => forget(asked.input.group));
      told.onDecided(asked, counts.to_review + counts.conflicts + counts.changed);
    },
    onError: (error, { input, seen }) => {
      forget(input.group);
      told.onFailed({ error, seen });
    },
  });
  const revert = useMutation({
    scope,
    mutationFn: async () => {
      const last = stack.current.at(-1);
      if (!last) return null;
      const view = last.decision === null ? null : await api.peopleRevert(importId, last.decision);
      stack.current.pop();
      const item = last.seen && (await findGroup(api, importId, last.seen));
      return { last, view, item };
    },
    onSuccess: (undone) => {
      if (!undone) return told.onNothing();
      told.onUndone(undone.last, undone.item);
      if (undone.view) void takePeople(client, importId, undone.view);
    },
    onError: (error) => told.onFailed({ error, seen: null }),
  });
  return {
    settled,
    decide: (asked: Asked) => decide.mutate(asked),
    undo: () => revert.mutate(),
    /** A bulk merge is undone as one. */
    remember: (done: Done) => stack.current.push(done),
    /** Reverted from the list: U goes on to the one before. */
    forgetDecision: (decision: number) => {
      stack.current = stack.current.filter((done) => done.decision !== decision);
    },
  };
}

export type Decisions = ReturnType<typeof useDecisions>;
