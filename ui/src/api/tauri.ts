import { listen } from "@tauri-apps/api/event";
import { commands, type DragOver, type FilesDropped, type Progress, type UserError } from "./bindings";
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

type Answer<T> = { status: "ok"; data: T } | { status: "error"; error: UserError };

/** What the generated commands answer, as the screens take it: the value, or a `UserError` thrown. */
async function take<T>(answer: Promise<Answer<T>>): Promise<T> {
  let taken: Answer<T>;
  try {
    taken = await answer;
  } catch (reason) {
    throw asUserError(reason);
  }
  if (taken.status === "error") throw asUserError(taken.error);
  return taken.data;
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
  workspaceOpen: () => take(commands.workspaceOpen()),
  appInfo: () => take(commands.appInfo()),
  importList: () => take(commands.importList()),
  importCreate: (name) => take(commands.importCreate(name)),
  importCreateSample: (job) => take(commands.importCreateSample(job)),
  importOpen: (importId) => take(commands.importOpen(importId)),
  importRename: (importId, name) => take(commands.importRename(importId, name)),
  importDelete: (importId, confirmedName) => take(commands.importDelete(importId, confirmedName)),
  importSetStep: (importId, step) => take(commands.importSetStep(importId, step)),
  filesPick: (importId, job) => take(commands.filesPick(importId, job)),
  filesAddDropped: (importId, token, job) => take(commands.filesAddDropped(importId, token, job)),
  fileRemove: (importId, fileId) => take(commands.fileRemove(importId, fileId)),
  fileReplace: (importId, fileId, job) => take(commands.fileReplace(importId, fileId, job)),
  fileSetSource: (importId, fileId, source) => take(commands.fileSetSource(importId, fileId, source)),
  fileSetRole: (importId, fileId, role) => take(commands.fileSetRole(importId, fileId, role)),
  fileSetOptions: (importId, fileId, options) => take(commands.fileSetOptions(importId, fileId, options)),
  filePreview: (importId, fileId) => take(commands.filePreview(importId, fileId)),
  driveClient: () => take(commands.driveClient()),
  driveSetClient: (clientId, secret) => take(commands.driveSetClient(clientId, secret)),
  driveAccounts: () => take(commands.driveAccounts()),
  driveConnect: (job) => take(commands.driveConnect(job)),
  driveDisconnect: (account, job) => take(commands.driveDisconnect(account, job)),
  driveTest: (account, job) => take(commands.driveTest(account, job)),
  driveList: (query, job) => take(commands.driveList(query, job)),
  driveAdd: (importId, account, files, job) => take(commands.driveAdd(importId, account, files, job)),
  driveStates: (importId, job) => take(commands.driveStates(importId, job)),
  driveUpdate: (importId, fileId, job) => take(commands.driveUpdate(importId, fileId, job)),
  // Looking at the columns is quick: the backend neither reports its progress nor lets it be cancelled.
  columns: (importId) => take(commands.columns(importId)),
  columnSetTarget: (importId, fileId, column, target) =>
    take(commands.columnSetTarget(importId, fileId, column, target)),
  columnSetDateOrder: (importId, fileId, column, order) =>
    take(commands.columnSetDateOrder(importId, fileId, column, order)),
  columnValues: (importId, fileId, column, search, offset, limit) =>
    take(commands.columnValues(importId, fileId, column, search, offset, limit)),
  stage: (importId, job) => take(commands.stage(importId, job)),
  fields: (importId) => take(commands.fields(importId)),
  rows: (importId, query, offset, limit) => take(commands.rows(importId, query, offset, limit)),
  issueCounts: (importId, query) => take(commands.issueCounts(importId, query)),
  facet: (importId, field, query, search) => take(commands.facet(importId, field, query, search)),
  spellings: (importId, field) => take(commands.spellings(importId, field)),
  cellStory: (importId, row, field) => take(commands.cellStory(importId, row, field)),
  rowStory: (importId, row) => take(commands.rowStory(importId, row)),
  operations: (importId) => take(commands.operations(importId)),
  operationAdd: (importId, operation, job) => take(commands.operationAdd(importId, operation, job)),
  operationUndo: (importId, operationId, job) => take(commands.operationUndo(importId, operationId, job)),
  operationRedo: (importId, job) => take(commands.operationRedo(importId, job)),
  replacePreview: (importId, operation) => take(commands.replacePreview(importId, operation)),
  people: (importId) => take(commands.people(importId)),
  peopleMatch: (importId, job) => take(commands.peopleMatch(importId, job)),
  peopleQueue: (importId, query, offset, limit) => take(commands.peopleQueue(importId, query, offset, limit)),
  peopleGroup: (importId, group) => take(commands.peopleGroup(importId, group)),
  peopleDecide: (importId, input) => take(commands.peopleDecide(importId, input)),
  peopleRevert: (importId, decisionId) => take(commands.peopleRevert(importId, decisionId)),
  peopleDecisions: (search, offset, limit) => take(commands.peopleDecisions(search, offset, limit)),
  peopleThresholdCounts: (importId, thresholds) => take(commands.peopleThresholdCounts(importId, thresholds)),
  peopleSetThresholds: (importId, thresholds, job) =>
    take(commands.peopleSetThresholds(importId, thresholds, job)),
  peopleBulkPreview: (importId, query) => take(commands.peopleBulkPreview(importId, query)),
  peopleBulkMerge: (importId, query, job) => take(commands.peopleBulkMerge(importId, query, job)),
  survivorship: (importId) => take(commands.survivorship(importId)),
  survivorshipPreview: (importId, settings) => take(commands.survivorshipPreview(importId, settings)),
  survivorshipSet: (importId, settings, job) => take(commands.survivorshipSet(importId, settings, job)),
  scores: (importId) => take(commands.scores(importId)),
  scoresSet: (importId, unify, settings) => take(commands.scoresSet(importId, unify, settings)),
  scoresPreview: (importId, how, settings, job) => take(commands.scoresPreview(importId, how, settings, job)),
  plan: (importId, how, job) => take(commands.plan(importId, how, job)),
  planRows: (importId, fate, offset, limit) => take(commands.planRows(importId, fate, offset, limit)),
  planSql: (importId, how) => take(commands.planSql(importId, how)),
  push: (importId, packageId, how, confirmed, job) =>
    take(commands.push(importId, packageId, how, confirmed, job)),
  exportFiles: (importId, formats, job) => take(commands.exportFiles(importId, formats, job)),
  reportSave: (importId) => take(commands.reportSave(importId)),
  pushHistory: () => take(commands.pushHistory()),
  undo: (entry, dryRun, confirmed, job) => take(commands.undo(entry, dryRun, confirmed, job)),
  rejectsOpen: () => take(commands.rejectsOpen()),
  rejectsList: (filter, offset, limit) => take(commands.rejectsList(filter, offset, limit)),
  rejectShow: (rejectId) => take(commands.rejectShow(rejectId)),
  rejectFix: (rejectId, version, cells, job) => take(commands.rejectFix(rejectId, version, cells, job)),
  rejectDismiss: (rejectId, dismissed, job) => take(commands.rejectDismiss(rejectId, dismissed, job)),
  replayPlan: (choice, job) => take(commands.replayPlan(choice, job)),
  replay: (choice, plan, confirmed, job) => take(commands.replay(choice, plan, confirmed, job)),
  archive: () => take(commands.archive()),
  archiveHasSecret: () => take(commands.archiveHasSecret()),
  archiveCheck: (form) => take(commands.archiveCheck(form)),
  archiveSet: (form, secret) => take(commands.archiveSet(form, secret)),
  archiveTest: (job) => take(commands.archiveTest(job)),
  archiveFiles: (push) => take(commands.archiveFiles(push)),
  archiveSave: (push, sha256, job) => take(commands.archiveSave(push, sha256, job)),
  profileList: () => take(commands.profileList()),
  profilesWithSecret: () => take(commands.profilesWithSecret()),
  profileCheck: (name, form, isNew) => take(commands.profileCheck(name, form, isNew)),
  profileAdd: (name, form) => take(commands.profileAdd(name, form)),
  profileEdit: (name, form) => take(commands.profileEdit(name, form)),
  profileRemove: (name, confirmedName) => take(commands.profileRemove(name, confirmedName)),
  profileUse: (name) => take(commands.profileUse(name)),
  profileSetSecret: (name, secret) => take(commands.profileSetSecret(name, secret)),
  profileRemoveSecret: (name) => take(commands.profileRemoveSecret(name)),
  profileTest: (name, job) => take(commands.profileTest(name, job)),
  scheduleList: () => take(commands.scheduleList()),
  schedulePickRecipe: () => take(commands.schedulePickRecipe()),
  schedulePickFolder: () => take(commands.schedulePickFolder()),
  scheduleCheck: (name, input, isNew) => take(commands.scheduleCheck(name, input, isNew)),
  scheduleAdd: (name, input) => take(commands.scheduleAdd(name, input)),
  scheduleEdit: (name, input) => take(commands.scheduleEdit(name, input)),
  scheduleRemove: (name) => take(commands.scheduleRemove(name)),
  schedulePause: (name, paused) => take(commands.schedulePause(name, paused)),
  scheduleSetTimer: (name, on) => take(commands.scheduleSetTimer(name, on)),
  scheduleRun: (name, job) => take(commands.scheduleRun(name, job)),
  scheduleTest: (name, job) => take(commands.scheduleTest(name, job)),
  membersSearch: (query, offset, limit) => take(commands.membersSearch(query, offset, limit)),
  memberChoices: (company) => take(commands.memberChoices(company)),
  memberView: (memberId) => take(commands.memberView(memberId)),
  memberScores: (memberId) => take(commands.memberScores(memberId)),
  memberCheck: (values) => take(commands.memberCheck(values)),
  memberCreate: (member, confirmed, job) => take(commands.memberCreate(member, confirmed, job)),
  memberEdit: (memberId, edit, confirmed, job) => take(commands.memberEdit(memberId, edit, confirmed, job)),
  memberRemove: (memberId, version, confirmed, job) =>
    take(commands.memberRemove(memberId, version, confirmed, job)),
  statistics: (query, job) => take(commands.statistics(query, job)),
  statisticsSave: (query, job) => take(commands.statisticsSave(query, job)),
  memberMerge: (merge, dryRun, confirmed, job) => take(commands.memberMerge(merge, dryRun, confirmed, job)),
  memberUnmerge: (mergedId, version, dryRun, confirmed, job) =>
    take(commands.memberUnmerge(mergedId, version, dryRun, confirmed, job)),
  logsSettings: () => take(commands.logsSettings()),
  logsHasKey: () => take(commands.logsHasKey()),
  logsSave: (settings) => take(commands.logsSave(settings)),
  logsSetKey: (key) => take(commands.logsSetKey(key)),
  logsOpenFolder: () => take(commands.logsOpenFolder()),
  logsTest: (job) => take(commands.logsTest(job)),
  memberFileOpen: (job) => take(commands.memberFileOpen(job)),
  memberFileCurrent: () => take(commands.memberFileCurrent()),
  memberFileDrafts: () => take(commands.memberFileDrafts()),
  memberFileResume: (draft) => take(commands.memberFileResume(draft)),
  memberFileDiscardDraft: (draft) => take(commands.memberFileDiscardDraft(draft)),
  memberFileClose: (fileId) => take(commands.memberFileClose(fileId)),
  memberFileRows: (fileId, query, offset, limit) =>
    take(commands.memberFileRows(fileId, query, offset, limit)),
  memberFileEdit: (fileId, row, column, value) => take(commands.memberFileEdit(fileId, row, column, value)),
  memberFileAddRow: (fileId) => take(commands.memberFileAddRow(fileId)),
  memberFileDeleteRows: (fileId, rows) => take(commands.memberFileDeleteRows(fileId, rows)),
  memberFileBringBackRows: (fileId, rows) => take(commands.memberFileBringBackRows(fileId, rows)),
  memberFileUndo: (fileId) => take(commands.memberFileUndo(fileId)),
  memberFileRedo: (fileId) => take(commands.memberFileRedo(fileId)),
  memberFileSteps: (fileId) => take(commands.memberFileSteps(fileId)),
  memberFileSave: (fileId, job) => take(commands.memberFileSave(fileId, job)),
  memberFileSaveAs: (fileId, job) => take(commands.memberFileSaveAs(fileId, job)),
  memberFileReload: (fileId, job) => take(commands.memberFileReload(fileId, job)),
  memberFileVersions: (fileId) => take(commands.memberFileVersions(fileId)),
  memberFileRestore: (fileId, version, job) => take(commands.memberFileRestore(fileId, version, job)),
  cancelJob: (job) => take(commands.cancelJob(job)),
  onProgress: (listener) => on<Progress>("progress", listener),
  onFilesDropped: (listener) => on<FilesDropped>("files-dropped", listener),
  onDragOver: (listener) => on<DragOver>("drag-over", listener),
};
