import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { DragOver, FilesDropped, Progress, UserError } from "./bindings";
import type { Api } from "./client";

/** The shell's own failures (a missing command, a broken channel) become a `UserError` like any other. */
function asUserError(reason: unknown): UserError {
  if (typeof reason === "object" && reason !== null && "code" in reason && "message" in reason) {
    return reason as UserError;
  }
  return {
    code: "internal",
    message: "Muster could not carry out this step.",
    help: typeof reason === "string" ? reason : "Try again; if it stays, restart Muster. Your work is saved.",
  };
}

async function call<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (reason) {
    throw asUserError(reason);
  }
}

/** `listen` answers later; a listener removed before that must still be removed. */
function on<T>(event: string, listener: (payload: T) => void): () => void {
  let removed = false;
  let remove: (() => void) | undefined;
  listen<T>(event, (message) => listener(message.payload)).then(
    (unlisten) => {
      if (removed) unlisten();
      else remove = unlisten;
    },
    (reason) => console.error(`cannot listen to ${event}`, reason),
  );
  return () => {
    removed = true;
    remove?.();
  };
}

/** The real backend, over Tauri's IPC. */
export const tauriApi: Api = {
  appInfo: () => call("app_info"),
  importList: () => call("import_list"),
  importCreate: (name) => call("import_create", { name }),
  importCreateSample: (job) => call("import_create_sample", { job }),
  importOpen: (importId) => call("import_open", { importId }),
  importRename: (importId, name) => call("import_rename", { importId, name }),
  importDelete: (importId, confirmedName) => call("import_delete", { importId, confirmedName }),
  importSetStep: (importId, step) => call("import_set_step", { importId, step }),
  filesPick: (importId, job) => call("files_pick", { importId, job }),
  filesAddDropped: (importId, token, job) => call("files_add_dropped", { importId, token, job }),
  fileRemove: (importId, fileId) => call("file_remove", { importId, fileId }),
  fileReplace: (importId, fileId, job) => call("file_replace", { importId, fileId, job }),
  fileSetSource: (importId, fileId, source) => call("file_set_source", { importId, fileId, source }),
  fileSetRole: (importId, fileId, role) => call("file_set_role", { importId, fileId, role }),
  fileSetOptions: (importId, fileId, options) => call("file_set_options", { importId, fileId, options }),
  filePreview: (importId, fileId) => call("file_preview", { importId, fileId }),
  columns: (importId, job) => call("columns", { importId, job }),
  columnSetTarget: (importId, fileId, column, target) =>
    call("column_set_target", { importId, fileId, column, target }),
  columnSetDateOrder: (importId, fileId, column, order) =>
    call("column_set_date_order", { importId, fileId, column, order }),
  columnValues: (importId, fileId, column, search, offset, limit) =>
    call("column_values", { importId, fileId, column, search, offset, limit }),
  stage: (importId, job) => call("stage", { importId, job }),
  fields: (importId) => call("fields", { importId }),
  rows: (importId, query, offset, limit) => call("rows", { importId, query, offset, limit }),
  issueCounts: (importId, query) => call("issue_counts", { importId, query }),
  facet: (importId, field, query, search) => call("facet", { importId, field, query, search }),
  spellings: (importId, field) => call("spellings", { importId, field }),
  cellStory: (importId, row, field) => call("cell_story", { importId, row, field }),
  rowStory: (importId, row) => call("row_story", { importId, row }),
  operations: (importId) => call("operations", { importId }),
  operationAdd: (importId, operation, job) => call("operation_add", { importId, operation, job }),
  operationUndo: (importId, operationId, job) => call("operation_undo", { importId, operationId, job }),
  operationRedo: (importId, job) => call("operation_redo", { importId, job }),
  replacePreview: (importId, operation) => call("replace_preview", { importId, operation }),
  plan: (importId, job) => call("plan", { importId, job }),
  planRows: (importId, fate, offset, limit) => call("plan_rows", { importId, fate, offset, limit }),
  push: (importId, packageId, job) => call("push", { importId, packageId, job }),
  exportFiles: (importId, formats, job) => call("export_files", { importId, formats, job }),
  reportSave: (importId) => call("report_save", { importId }),
  pushHistory: () => call("push_history"),
  cancelJob: (job) => call("cancel_job", { job }),
  onProgress: (listener) => on<Progress>("progress", listener),
  onFilesDropped: (listener) => on<FilesDropped>("files-dropped", listener),
  onDragOver: (listener) => on<DragOver>("drag-over", listener),
};
