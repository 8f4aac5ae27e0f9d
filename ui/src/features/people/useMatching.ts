import { useQueryClient } from "@tanstack/react-query";
import { type PeopleView, useApi } from "../../api";
import { useJobMutation } from "../../components/jobs";
import { takePeople } from "./takePeople";

/** Finding who is who: long work that a person starts, and can cancel. */
export function useMatching(importId: number) {
  const api = useApi();
  const client = useQueryClient();
  const job = `people-match-${importId}`;
  const run = useJobMutation<void, PeopleView>(
    job,
    (_, id) => api.peopleMatch(importId, id),
    (view) => takePeople(client, importId, view),
  );
  return { job, run: () => run.mutate(), busy: run.isPending, error: run.failure };
}

export type Matching = ReturnType<typeof useMatching>;
