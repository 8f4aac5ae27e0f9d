import type {
  AppInfo,
  ArchivedFile,
  ArchiveForm,
  ArchiveTestReport,
  ArchiveView,
  BulkMerged,
  BulkPreview,
  CellStory,
  ColumnValuePage,
  DateOrder,
  Decided,
  DecideInput,
  DecisionPage,
  DragOver,
  DriveAccount,
  DriveAdded,
  DriveClientView,
  DriveDisconnected,
  DrivePage,
  DriveQuery,
  DriveState,
  DriveTestStepName,
  ExportedFile,
  ExportFormat,
  ExportReport,
  Facet,
  Fate,
  Field,
  FieldInfo,
  FieldProblem,
  FieldValue,
  FileColumns,
  FilePreview,
  FileRole,
  FilesDropped,
  FileVersion,
  ImportSummary,
  ImportView,
  IssueCount,
  LogsConfig,
  LogsStep,
  LogsView,
  MemberChoices,
  MemberDraft,
  MemberEdit,
  MemberFileView,
  MemberMerge,
  MemberPage,
  MemberQuery,
  MemberRowChange,
  MemberRowChoice,
  MemberRowQuery,
  MemberRows,
  MemberScores,
  MemberStep,
  MemberView,
  MergeReport,
  NewMember,
  NewOperation,
  OperationResult,
  OperationView,
  PeopleView,
  PersonGroup,
  PickedPath,
  PlannedStatement,
  PlanRows,
  PlanView,
  Problem,
  ProfileForm,
  ProfileInfo,
  ProfileView,
  Progress,
  PushChoice,
  PushEntry,
  PushReport,
  QueuePage,
  QueueQuery,
  ReaderOptions,
  RejectFilter,
  RejectPage,
  RejectView,
  RemovedProfile,
  ReplacePreview,
  ReplayChoice,
  ReplayPlan,
  ReplayReport,
  RowBlock,
  RowQuery,
  RowStory,
  RulesPreview,
  ScheduleInput,
  ScheduleTestStepName,
  ScheduleView,
  ScoreSettings,
  ScoresPreview,
  ScoresView,
  SpellingGroup,
  StatisticsQuery,
  StatisticsView,
  Step,
  SurvivorshipSettings,
  SurvivorshipView,
  Target,
  TestedSteps,
  TestReport,
  ThresholdCounts,
  Thresholds,
  TimerReport,
  UndoReport,
  UnmergeReport,
  Written,
} from "./bindings";

/**
 * What the screens may ask of the backend. Every call rejects with a `UserError`. `job` is an id the UI makes
 * (`crypto.randomUUID()`) for work that reports progress and can be cancelled.
 */
export interface Api {
  workspaceOpen(): Promise<null>; // before anything else; may be tried again after an error
  appInfo(): Promise<AppInfo>;
  // imports
  importList(): Promise<ImportSummary[]>;
  importCreate(name: string | null): Promise<ImportView>;
  importCreateSample(job: string): Promise<ImportView>; // new import holding the bundled sample lists
  importOpen(importId: number): Promise<ImportView>;
  importRename(importId: number, name: string): Promise<ImportView>;
  importDelete(importId: number, confirmedName: string): Promise<null>;
  importSetStep(importId: number, step: Step): Promise<ImportView>;
  // files
  filesPick(importId: number, job: string): Promise<ImportView>; // native dialog; unchanged when cancelled
  filesAddDropped(importId: number, token: string, job: string): Promise<ImportView>;
  fileRemove(importId: number, fileId: number): Promise<ImportView>;
  fileReplace(importId: number, fileId: number, job: string): Promise<ImportView>; // native dialog: a newer version
  fileSetSource(importId: number, fileId: number, source: string): Promise<ImportView>;
  fileSetRole(importId: number, fileId: number, role: FileRole): Promise<ImportView>;
  fileSetOptions(importId: number, fileId: number, options: ReaderOptions): Promise<FilePreview>;
  filePreview(importId: number, fileId: number): Promise<FilePreview>;
  // Google Drive; no token ever comes back
  driveClient(): Promise<DriveClientView>; // asks the keychain whether there is a secret
  driveSetClient(clientId: string, secret: string | null): Promise<DriveClientView>; // a secret that is null stays as it is
  driveAccounts(): Promise<DriveAccount[]>; // asks the keychain
  driveConnect(job: string): Promise<DriveAccount>; // waits for the system's browser
  driveDisconnect(account: string, job: string): Promise<DriveDisconnected>;
  driveTest(account: string, job: string): Promise<TestedSteps<DriveTestStepName>>; // its stages are the steps' names
  driveList(query: DriveQuery, job: string): Promise<DrivePage>;
  driveAdd(importId: number, account: string, files: string[], job: string): Promise<DriveAdded>;
  driveStates(importId: number, job: string): Promise<DriveState[]>; // of its files that came from Drive
  driveUpdate(importId: number, fileId: number, job: string): Promise<ImportView>; // in place of the version before
  // columns
  columns(importId: number, job: string): Promise<FileColumns[]>;
  columnSetTarget(
    importId: number,
    fileId: number,
    column: number,
    target: Target | null,
  ): Promise<FileColumns[]>;
  columnSetDateOrder(
    importId: number,
    fileId: number,
    column: number,
    order: DateOrder | null,
  ): Promise<FileColumns[]>;
  columnValues(
    importId: number,
    fileId: number,
    column: number,
    search: string | null,
    offset: number,
    limit: number,
  ): Promise<ColumnValuePage>;
  // fix
  stage(importId: number, job: string): Promise<ImportView>; // reads, standardises, validates all files; quick when nothing changed
  fields(importId: number): Promise<FieldInfo[]>;
  rows(importId: number, query: RowQuery, offset: number, limit: number): Promise<RowBlock>;
  issueCounts(importId: number, query: RowQuery): Promise<IssueCount[]>;
  facet(importId: number, field: Field, query: RowQuery, search: string | null): Promise<Facet>;
  spellings(importId: number, field: Field): Promise<SpellingGroup[]>;
  cellStory(importId: number, row: number, field: Field): Promise<CellStory>;
  rowStory(importId: number, row: number): Promise<RowStory>;
  operations(importId: number): Promise<OperationView[]>;
  operationAdd(importId: number, operation: NewOperation, job: string): Promise<OperationResult>;
  operationUndo(importId: number, operationId: number, job: string): Promise<OperationResult>;
  operationRedo(importId: number, job: string): Promise<OperationResult>; // brings back the one undone last; operation null = none
  replacePreview(importId: number, operation: NewOperation): Promise<ReplacePreview>;
  // people
  people(importId: number): Promise<PeopleView>; // quick; brings a few edited records up to date by itself
  peopleMatch(importId: number, job: string): Promise<PeopleView>; // stages: people_read, people_members, match_plan, match_train, match_compare, match_cluster, people_settle
  peopleQueue(importId: number, query: QueueQuery, offset: number, limit: number): Promise<QueuePage>;
  peopleGroup(importId: number, group: number): Promise<PersonGroup>;
  peopleDecide(importId: number, input: DecideInput): Promise<Decided>;
  peopleRevert(importId: number, decisionId: number): Promise<PeopleView>; // all of a decision, a bulk merge too
  peopleDecisions(search: string | null, offset: number, limit: number): Promise<DecisionPage>; // of all imports, the last first
  peopleThresholdCounts(importId: number, thresholds: Thresholds): Promise<ThresholdCounts>; // quick enough for a slider
  peopleSetThresholds(importId: number, thresholds: Thresholds, job: string): Promise<PeopleView>;
  peopleBulkPreview(importId: number, query: QueueQuery): Promise<BulkPreview>; // its conflict-free groups to review
  peopleBulkMerge(importId: number, query: QueueQuery, job: string): Promise<BulkMerged>;
  survivorship(importId: number): Promise<SurvivorshipView>;
  survivorshipPreview(importId: number, settings: SurvivorshipSettings): Promise<RulesPreview>;
  survivorshipSet(importId: number, settings: SurvivorshipSettings, job: string): Promise<PeopleView>;
  // scores
  scores(importId: number): Promise<ScoresView>;
  scoresSet(importId: number, unify: boolean, settings: ScoreSettings): Promise<ScoresView>;
  scoresPreview(
    importId: number,
    how: PushChoice,
    settings: ScoreSettings,
    job: string,
  ): Promise<ScoresPreview>; // what a push would do with settings that need not be kept
  // push
  plan(importId: number, how: PushChoice, job: string): Promise<PlanView>;
  planRows(importId: number, fate: Fate, offset: number, limit: number): Promise<PlanRows>;
  planSql(importId: number, how: PushChoice): Promise<PlannedStatement[]>; // what a push of the plan would run
  push(
    importId: number,
    packageId: string,
    how: PushChoice,
    confirmed: string | null, // for a prod profile its name, as typed
    job: string,
  ): Promise<PushReport>; // exactly the plan with that package id
  exportFiles(importId: number, formats: ExportFormat[], job: string): Promise<ExportReport | null>; // native folder dialog; null when cancelled
  reportSave(importId: number): Promise<string | null>; // native dialog; saves report.json; name of the file, null when cancelled
  pushHistory(): Promise<PushEntry[]>;
  undo(entry: number, dryRun: boolean, confirmed: string | null, job: string): Promise<UndoReport>; // takes back an entry of the active profile's ledger
  // the log; no key ever comes back
  logsSettings(): Promise<LogsView>;
  logsHasKey(): Promise<boolean>; // asks the keychain
  logsSave(settings: LogsConfig): Promise<LogsView>; // a key that was given for another collector is removed
  logsSetKey(key: string | null): Promise<boolean>;
  logsOpenFolder(): Promise<null>; // in the system's own window
  logsTest(job: string): Promise<TestedSteps<LogsStep>>; // its stages are the steps' names
  // reject inbox of the active profile
  rejectsOpen(): Promise<number>; // how many rows are open
  rejectsList(filter: RejectFilter, offset: number, limit: number): Promise<RejectPage>;
  rejectShow(rejectId: number): Promise<RejectView>;
  rejectFix(rejectId: number, version: number, cells: string[], job: string): Promise<RejectView>; // all cells
  rejectDismiss(rejectId: number, dismissed: boolean, job: string): Promise<RejectView>;
  replayPlan(choice: ReplayChoice, job: string): Promise<ReplayPlan>; // writes nothing
  replay(
    choice: ReplayChoice,
    plan: string, // of the plan that was looked at
    confirmed: string | null, // for a prod profile its name, as typed
    job: string,
  ): Promise<ReplayReport>;
  // profiles; no secret ever comes back
  profileList(): Promise<ProfileView[]>;
  profilesWithSecret(): Promise<string[]>; // asks the keychain
  profileCheck(name: string, form: ProfileForm, isNew: boolean): Promise<Problem[]>; // place: a key of the form, or name
  profileAdd(name: string, form: ProfileForm): Promise<ProfileView[]>;
  profileEdit(name: string, form: ProfileForm): Promise<ProfileView[]>;
  profileRemove(name: string, confirmedName: string): Promise<RemovedProfile>;
  profileUse(name: string): Promise<ProfileInfo>;
  profileSetSecret(name: string, secret: string): Promise<null>;
  profileRemoveSecret(name: string): Promise<null>;
  profileTest(name: string, job: string): Promise<TestReport>; // its stages are the steps' names
  // schedules; a recipe or folder that was chosen is named by its token
  scheduleList(): Promise<ScheduleView[]>;
  schedulePickRecipe(): Promise<PickedPath | null>; // native dialog; null when cancelled
  schedulePickFolder(): Promise<PickedPath | null>; // the same
  scheduleCheck(name: string, input: ScheduleInput, isNew: boolean): Promise<Problem[]>; // place: a key, or name
  scheduleAdd(name: string, input: ScheduleInput): Promise<ScheduleView>;
  scheduleEdit(name: string, input: ScheduleInput): Promise<TimerReport>; // what was done about its timer, where it has one
  scheduleRemove(name: string): Promise<TimerReport>;
  schedulePause(name: string, paused: boolean): Promise<ScheduleView>;
  scheduleSetTimer(name: string, on: boolean): Promise<TimerReport>;
  scheduleRun(name: string, job: string): Promise<ScheduleView[]>; // what became of it is in the list, also where it failed
  scheduleTest(name: string, job: string): Promise<TestedSteps<ScheduleTestStepName>>; // its stages are the steps' names
  // members of the active profile; `confirmed` is the name of a prod profile as the person typed it
  membersSearch(query: MemberQuery, offset: number, limit: number): Promise<MemberPage>;
  memberChoices(company: string | null): Promise<MemberChoices>; // `company` narrows the companies
  memberView(memberId: number): Promise<MemberView>;
  memberScores(memberId: number): Promise<MemberScores>; // their history
  memberCheck(values: FieldValue[]): Promise<FieldProblem[]>; // what cannot be read
  memberCreate(member: NewMember, confirmed: string | null, job: string): Promise<Written>;
  memberEdit(memberId: number, edit: MemberEdit, confirmed: string | null, job: string): Promise<Written>;
  memberRemove(memberId: number, version: number, confirmed: string | null, job: string): Promise<Written>;
  // statistics of the active profile
  statistics(query: StatisticsQuery, job: string): Promise<StatisticsView>;
  statisticsSave(query: StatisticsQuery, job: string): Promise<ExportedFile | null>; // native dialog; null when cancelled
  memberMerge(
    merge: MemberMerge,
    dryRun: boolean,
    confirmed: string | null,
    job: string,
  ): Promise<MergeReport>;
  memberUnmerge(
    mergedId: number,
    version: number | null,
    dryRun: boolean,
    confirmed: string | null,
    job: string,
  ): Promise<UnmergeReport>; // `mergedId` is who went
  // archive of raw files; no secret ever comes back
  archive(): Promise<ArchiveView>;
  archiveHasSecret(): Promise<boolean>; // asks the keychain, for S3 only
  archiveCheck(form: ArchiveForm): Promise<Problem[]>; // place: a key of the form
  archiveSet(form: ArchiveForm, secret: string | null): Promise<ArchiveView>; // null: what is kept stays for the same key
  archiveTest(job: string): Promise<ArchiveTestReport>; // its stages are the steps' names
  archiveFiles(push: number): Promise<ArchivedFile[]>; // that a push of the active profile was made from
  archiveSave(push: number, sha256: string, job: string): Promise<string | null>; // native dialog; as it came; its name, null when cancelled
  // member file
  memberFileOpen(job: string): Promise<MemberFileView | null>; // native dialog; null when cancelled; in place of the open one
  memberFileCurrent(): Promise<MemberFileView | null>;
  memberFileDrafts(): Promise<MemberDraft[]>; // what was not saved when Muster closed
  memberFileResume(draft: string): Promise<MemberFileView>; // in place of the open one
  memberFileDiscardDraft(draft: string): Promise<MemberDraft[]>;
  memberFileClose(fileId: number): Promise<null>;
  memberFileRows(fileId: number, query: MemberRowQuery, offset: number, limit: number): Promise<MemberRows>;
  memberFileEdit(fileId: number, row: number, column: number, value: string | null): Promise<MemberRowChange>;
  memberFileAddRow(fileId: number): Promise<MemberRowChange>;
  memberFileDeleteRows(fileId: number, rows: MemberRowChoice): Promise<MemberFileView>;
  memberFileBringBackRows(fileId: number, rows: MemberRowChoice): Promise<MemberFileView>;
  memberFileUndo(fileId: number): Promise<MemberFileView>;
  memberFileRedo(fileId: number): Promise<MemberFileView>;
  memberFileSteps(fileId: number): Promise<MemberStep[]>;
  memberFileSave(fileId: number, job: string): Promise<MemberFileView>;
  memberFileSaveAs(fileId: number, job: string): Promise<MemberFileView | null>; // native dialog; null when cancelled
  memberFileReload(fileId: number, job: string): Promise<MemberFileView>;
  memberFileVersions(fileId: number): Promise<FileVersion[]>;
  memberFileRestore(fileId: number, version: string, job: string): Promise<MemberFileView>;
  // jobs
  cancelJob(job: string): Promise<null>;
  onProgress(listener: (p: Progress) => void): () => void;
  onFilesDropped(listener: (f: FilesDropped) => void): () => void;
  onDragOver(listener: (d: DragOver) => void): () => void;
}
