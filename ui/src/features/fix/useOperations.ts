import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  type ImportView,
  type NewOperation,
  type OperationResult,
  type OperationView,
  useApi,
} from "../../api";
import { plural } from "../../components/format";
import { useJobMutation } from "../../components/jobs";
import { usePrivacy } from "../../components/privacy";
import { keys } from "../../components/queryKeys";

type Change = { kind: "add"; operation: NewOperation } | { kind: "undo"; id: number } | { kind: "redo" };

function say(change: Change, operation: OperationView | null, hidden: boolean) {
  if (change.kind === "redo" && operation === null) {
    notifications.show({ message: "There is no undone step to bring back.", color: "gray" });
    return;
  }
  if (!operation || (change.kind === "add" && operation.kind === "edit_cell")) return;
  const verb = change.kind === "undo" ? "Undone" : change.kind === "redo" ? "Done again" : "Done";
  notifications.show({
    // A label may quote names.
    title: hidden ? verb : `${verb}: ${operation.label}`,
    message: `${plural(operation.rows, "row")} changed.`,
    autoClose: 4000,
  });
}

/** The person's steps on the rows of an import: adding, undoing any of them, bringing the last one back. */
export function useOperations(view: ImportView) {
  const api = useApi();
  const client = useQueryClient();
  const job = `operation-${view.id}`;
  const { hidden } = usePrivacy();
  const [version, setVersion] = useState(0);
  const list = useQuery({
    queryKey: [...keys.fix(view.id), "operations"],
    queryFn: () => api.operations(view.id),
  });
  const change = useJobMutation<Change, OperationResult>(
    job,
    (wanted, jobId) => {
      if (wanted.kind === "add") return api.operationAdd(view.id, wanted.operation, jobId);
      if (wanted.kind === "undo") return api.operationUndo(view.id, wanted.id, jobId);
      return api.operationRedo(view.id, jobId);
    },
    (result, wanted) => {
      client.setQueryData<ImportView>(keys.import(view.id), (old) =>
        old ? { ...old, counts: result.counts } : old,
      );
      client.invalidateQueries({ queryKey: keys.fix(view.id) });
      client.invalidateQueries({ queryKey: keys.imports });
      for (const key of [
        keys.people(view.id),
        keys.plan(view.id),
        keys.values(view.id),
        keys.columns(view.id),
      ])
        client.removeQueries({ queryKey: key });
      setVersion((before) => before + 1);
      say(wanted, result.operation, hidden);
    },
  );
  const operations = list.data ?? [];
  const last = operations.at(-1);
  return {
    job,
    list,
    operations,
    version,
    busy: change.isPending,
    error: change.failure,
    /** resolves to whether it was done; a failure is in `error` */
    add: (operation: NewOperation) =>
      change.mutateAsync({ kind: "add", operation }).then(
        () => true,
        () => false,
      ),
    undo: (id: number) => change.mutate({ kind: "undo", id }),
    undoLast: () => last && change.mutate({ kind: "undo", id: last.id }),
    redo: () => change.mutate({ kind: "redo" }),
    dismissError: change.reset,
  };
}

export type Operations = ReturnType<typeof useOperations>;
