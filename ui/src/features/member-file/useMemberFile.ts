import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type MemberFileView, type MemberRowChoice, useApi } from "../../api";
import { asUserError } from "../../components/errors";
import { useJobMutation } from "../../components/jobs";
import { keys } from "../../components/queryKeys";

export const JOB = "member-file";

type Long =
  | { kind: "open" }
  | { kind: "save" }
  | { kind: "save_as" }
  | { kind: "reload" }
  | { kind: "restore"; version: string };
type Quick =
  | { kind: "add" }
  | { kind: "delete" | "bring_back"; rows: MemberRowChoice }
  | { kind: "undo" | "redo" };

const SAID: Partial<Record<Long["kind"], string>> = {
  save: "Saved. The previous version is kept.",
  save_as: "Saved.",
  reload: "Opened as it is on the disk.",
  restore: "The previous version is in its place again. What it replaced is kept too.",
};

/** What can be done with the open member file (or with none), and what went wrong with it. */
export function useMemberFile(file: MemberFileView | null) {
  const api = useApi();
  const client = useQueryClient();
  const [version, setVersion] = useState(0);
  const [toEnd, setToEnd] = useState(0);
  const id = file?.id ?? 0;
  const keep = (view: MemberFileView | null) => {
    client.setQueryData(keys.memberFile, view);
    client.invalidateQueries({ queryKey: keys.memberFileLists });
  };
  const long = useJobMutation<Long, MemberFileView | null>(
    JOB,
    (wanted, job) => {
      switch (wanted.kind) {
        case "open":
          return api.memberFileOpen(job);
        case "save":
          return api.memberFileSave(id, job);
        case "save_as":
          return api.memberFileSaveAs(id, job);
        case "reload":
          return api.memberFileReload(id, job);
        case "restore":
          return api.memberFileRestore(id, wanted.version, job);
      }
    },
    (view, wanted) => {
      if (!view) return;
      keep(view);
      setVersion((before) => before + 1);
      const message = SAID[wanted.kind];
      if (message) notifications.show({ message, autoClose: 4000 });
    },
  );
  const quick = useMutation<MemberFileView, unknown, Quick>({
    mutationFn: (wanted) => {
      switch (wanted.kind) {
        case "add":
          return api.memberFileAddRow(id).then((change) => change.file);
        case "delete":
          return api.memberFileDeleteRows(id, wanted.rows);
        case "bring_back":
          return api.memberFileBringBackRows(id, wanted.rows);
        case "undo":
          return api.memberFileUndo(id);
        case "redo":
          return api.memberFileRedo(id);
      }
    },
    onSuccess: (view, wanted) => {
      keep(view);
      if (wanted.kind === "add") setToEnd((before) => before + 1);
      setVersion((before) => before + 1);
    },
  });
  const edit = useMutation({
    mutationFn: (made: { row: number; column: number; value: string | null }) =>
      api.memberFileEdit(id, made.row, made.column, made.value),
    onSuccess: (change) => keep(change.file),
  });
  const close = useMutation({ mutationFn: () => api.memberFileClose(id), onSuccess: () => keep(null) });
  const all = [long, quick, edit, close];
  const error = long.failure ?? quick.error ?? edit.error ?? close.error;
  const count = file ? file.unsaved.changed + file.unsaved.added + file.unsaved.deleted : 0;
  return {
    version,
    toEnd,
    unsaved: count,
    busy: long.isPending || quick.isPending,
    note: edit.data?.note ?? null,
    error,
    /** another program was quicker, or the file must not be written over */
    refused: error !== null && asUserError(error).code === "refused",
    dismissError: () => {
      for (const mutation of all) mutation.reset();
    },
    open: () => long.mutate({ kind: "open" }),
    save: () => file && count > 0 && !long.isPending && long.mutate({ kind: "save" }),
    saveAs: () => long.mutate({ kind: "save_as" }),
    reload: () => long.mutate({ kind: "reload" }),
    restore: (id: string) => long.mutate({ kind: "restore", version: id }),
    close: () => close.mutate(),
    add: () => quick.mutate({ kind: "add" }),
    delete: (rows: MemberRowChoice) => quick.mutate({ kind: "delete", rows }),
    bringBack: (rows: MemberRowChoice) => quick.mutate({ kind: "bring_back", rows }),
    undo: () => file?.undo && !quick.isPending && quick.mutate({ kind: "undo" }),
    redo: () => file?.redo && !quick.isPending && quick.mutate({ kind: "redo" }),
    /** resolves to the row after the edit; a failure is in `error` */
    edit: (row: number, column: number, value: string | null) =>
      edit.mutateAsync({ row, column, value }).then(
        (change) => change.row,
        () => null,
      ),
    forgetNote: edit.reset,
  };
}

export type MemberFileActions = ReturnType<typeof useMemberFile>;
