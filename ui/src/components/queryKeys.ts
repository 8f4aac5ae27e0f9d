import type { QueryClient } from "@tanstack/react-query";
import type { ImportView } from "../api";

/** Names of what the screens keep of the backend's answers. */
export const keys = {
  workspace: ["workspace"] as const,
  appInfo: ["app-info"] as const,
  profiles: ["profiles"] as const,
  withSecret: ["profiles", "with-secret"] as const,
  schedules: ["schedules"] as const,
  imports: ["imports"] as const,
  drive: ["drive"] as const,
  driveClient: ["drive", "client"] as const,
  driveAccounts: ["drive", "accounts"] as const,
  driveItems: ["drive", "items"] as const,
  driveStates: (id: number) => ["drive", "states", id] as const,
  logs: ["logs"] as const,
  logsKey: ["logs", "key"] as const,
  history: ["push-history"] as const,
  archive: ["archive"] as const,
  archiveSecret: ["archive", "secret"] as const,
  archiveFiles: (push: number) => ["push-history", "files", push] as const,
  members: ["members"] as const,
  memberChoices: (company: string) => ["members", "choices", company] as const,
  member: (id: number) => ["members", "view", id] as const,
  statistics: ["members", "statistics"] as const,
  rejects: ["rejects"] as const,
  rejectsOpen: ["rejects", "open"] as const,
  reject: (id: number) => ["rejects", "view", id] as const,
  memberFile: ["member-file"] as const,
  memberFileDrafts: ["member-file-drafts"] as const,
  memberFileLists: ["member-file-lists"] as const,
  import: (id: number) => ["import", id] as const,
  preview: (id: number, file: number) => ["import", id, "preview", file] as const,
  columns: (id: number) => ["import", id, "columns"] as const,
  values: (id: number) => ["import", id, "values"] as const,
  staged: (id: number) => ["import", id, "staged"] as const,
  fix: (id: number) => ["import", id, "fix"] as const,
  people: (id: number) => ["import", id, "people"] as const,
  peopleQueue: (id: number) => ["import", id, "people", "queue"] as const,
  peopleGroup: (id: number) => ["import", id, "people", "group"] as const,
  decisions: ["people-decisions"] as const,
  scores: (id: number) => ["import", id, "scores"] as const,
  plan: (id: number) => ["import", id, "plan"] as const,
};

/** Takes an answer's view of an import, and forgets what hangs on its files and columns. */
export function keepImport(client: QueryClient, view: ImportView, changed?: "files" | "columns" | "rows") {
  client.setQueryData(keys.import(view.id), view);
  client.invalidateQueries({ queryKey: keys.imports });
  if (!changed) return;
  if (changed === "files") client.removeQueries({ queryKey: keys.columns(view.id) });
  if (changed !== "rows") client.removeQueries({ queryKey: keys.staged(view.id) });
  if (changed !== "rows") client.removeQueries({ queryKey: keys.fix(view.id) });
  client.removeQueries({ queryKey: keys.people(view.id) });
  client.removeQueries({ queryKey: keys.plan(view.id) });
}
