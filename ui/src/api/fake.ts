import type {
  DateOrder,
  DragOver,
  DriveAdded,
  DriveQuery,
  Environment,
  ExportFormat,
  FileRole,
  FilesDropped,
  ImportSummary,
  ImportView,
  Progress,
  PushChoice,
  PushEntry,
  ReaderOptions,
  ScoreSettings,
  Step,
  Target,
  UserError,
} from "./bindings";
import type { Api } from "./client";
import { columnsOfFile, previewOfFile } from "./fake/columns";
import { sampleLists } from "./fake/data";
import { FakeDrive } from "./fake/drive";
import { FakeImport } from "./fake/import";
import { FakePeople } from "./fake/people";
import { planCounts, planRowsOf, reportOf, statementsOf, undoOf } from "./fake/push";
import { memberScoresOf, previewScores } from "./fake/scores";

export type FakeOptions = {
  /** no imports, no history: the first start */
  empty?: boolean;
  /** milliseconds that every call takes; from 100 on, jobs take ten times as long and report progress */
  latency?: number;
  /** milliseconds that a job takes instead: long ones can be cancelled however slow the machine is */
  jobTime?: number;
  /** calls that fail, by name */
  fail?: Partial<Record<keyof Api, UserError>>;
  environment?: Environment;
  /** the softball list's last column of dates fits both orders */
  askDates?: boolean;
  /** who is who was found already; with groups to review, with none, or out of date */
  people?: "matched" | "nothing" | "stale";
  /** every decision gives the groups other numbers, as the backend may do where they hang together */
  renumber?: boolean;
};

/** `?fake=empty,slow,ask,prod,matched,stale,nothing,fail:plan` in the address of `npm run dev`. */
export function optionsFromUrl(search: string): FakeOptions {
  const words = (new URLSearchParams(search).get("fake") ?? "").split(",");
  const failing = words.filter((w) => w.startsWith("fail:")).map((w) => w.slice(5) as keyof Api);
  return {
    empty: words.includes("empty"),
    latency: words.includes("slow") ? 400 : 20,
    askDates: words.includes("ask"),
    environment: words.includes("prod") ? "prod" : words.includes("staging") ? "staging" : "dev",
    people: (["matched", "stale", "nothing"] as const).find((word) => words.includes(word)),
    fail: Object.fromEntries(failing.map((name) => [name, DISK_FULL])),
  };
}

export const DISK_FULL: UserError = {
  code: "disk",
  message: "The disk is full, so the step was not saved.",
  help: "Free some space on the disk that holds the data folder, then try again.",
};
const CANCELLED: UserError = { code: "cancelled", message: "Cancelled.", help: null };
const NOT_FOUND: UserError = { code: "not_found", message: "This import is no longer there.", help: null };

const clone = <T>(value: T): T => structuredClone(value);

/** A believable backend in memory, for component tests and for `npm run dev` in a plain browser. */
export class FakeApi extends FakePeople implements Api {
  readonly options: FakeOptions;
  private imports: FakeImport[] = [];
  protected history: PushEntry[] = [];
  private nextId = 1;
  private nextFile = 1;
  private cancelled = new Set<string>();
  private progress = new Set<(p: Progress) => void>();
  private drops = new Set<(f: FilesDropped) => void>();
  private drags = new Set<(d: DragOver) => void>();
  readonly drive = new FakeDrive();
  /** names of the calls made, for tests */
  readonly calls: string[] = [];

  constructor(options: FakeOptions = {}) {
    super(options.environment ?? "dev");
    this.options = options;
    if (!options.empty) {
      this.fillMembers();
      this.fillRejects();
      const sample = this.create("Spring lists");
      sample.add(sampleLists(this.takeFiles()));
      sample.staged = true;
      sample.step = "fix";
    }
  }

  protected async ready(name: keyof Api) {
    this.calls.push(name);
    if (this.options.latency) await new Promise((done) => setTimeout(done, this.options.latency));
    const failure = this.options.fail?.[name];
    if (failure) throw failure;
  }

  protected async work(name: keyof Api, job: string, stage: string, total: number) {
    await this.ready(name);
    const { latency = 0, jobTime = latency > 100 ? latency * 10 : 0 } = this.options;
    const steps = Math.ceil(jobTime / 50);
    for (let i = 0; i <= steps && steps > 0; i++) {
      if (this.cancelled.has(job)) throw CANCELLED;
      const left = ((steps - i) * 50) / 1000;
      for (const listener of this.progress)
        listener({ job, stage, done: Math.round((total * i) / steps), total, left, waits_for: null });
      await new Promise((done) => setTimeout(done, 50));
    }
    if (this.cancelled.has(job)) throw CANCELLED;
  }

  protected find(id: number): FakeImport {
    const found = this.imports.find((i) => i.id === id);
    if (!found) throw NOT_FOUND;
    return found;
  }

  protected peopleStart() {
    const { people } = this.options;
    const stale = people === "stale" ? "3 rows were edited since." : null;
    const renumbers = this.options.renumber ?? false;
    return { matched: people !== undefined, stale, nothing: people === "nothing", renumbers };
  }

  private view(id: number): ImportView {
    const view = clone(this.find(id).view(this.options.askDates ?? false));
    for (const file of view.files) file.from_drive = this.drive.states.has(file.id);
    return view;
  }

  private create(name: string | null) {
    const created = new FakeImport(this.nextId++, name ?? `Import ${this.nextId - 1}`);
    this.imports.push(created);
    return created;
  }

  private takeFiles() {
    this.nextFile += 3;
    return this.nextFile - 3;
  }

  async workspaceOpen() {
    await this.ready("workspaceOpen");
    return null;
  }
  async appInfo() {
    await this.ready("appInfo");
    return { version: "0.1.0", data_folder: "~/.local/share/muster", profile: this.activeProfile() };
  }
  async importList(): Promise<ImportSummary[]> {
    await this.ready("importList");
    return this.imports.map((i) => i.summary()).reverse();
  }
  async importCreate(name: string | null) {
    await this.ready("importCreate");
    return this.view(this.create(name).id);
  }
  async importCreateSample(job: string) {
    await this.work("importCreateSample", job, "Copying the sample lists", 3);
    const created = this.create("Sample lists");
    created.add(sampleLists(this.takeFiles()));
    return this.view(created.id);
  }
  async importOpen(importId: number) {
    await this.ready("importOpen");
    return this.view(importId);
  }
  async importRename(importId: number, name: string) {
    await this.ready("importRename");
    this.find(importId).name = name;
    return this.view(importId);
  }
  async importDelete(importId: number, confirmedName: string) {
    await this.ready("importDelete");
    if (this.find(importId).name !== confirmedName) {
      throw { code: "refused", message: "The name does not match.", help: null } satisfies UserError;
    }
    this.imports = this.imports.filter((i) => i.id !== importId);
    return null;
  }
  async importSetStep(importId: number, step: Step) {
    await this.ready("importSetStep");
    this.find(importId).step = step;
    return this.view(importId);
  }

  async filesPick(importId: number, job: string) {
    await this.work("filesPick", job, "Reading the files", 480);
    this.find(importId).add(sampleLists(this.takeFiles()));
    return this.view(importId);
  }
  async filesAddDropped(importId: number, _token: string, job: string) {
    await this.work("filesAddDropped", job, "Reading the files", 480);
    this.find(importId).add(sampleLists(this.takeFiles()));
    return this.view(importId);
  }
  async driveClient() {
    await this.ready("driveClient");
    return this.drive.client();
  }
  async driveSetClient(clientId: string, secret: string | null) {
    await this.ready("driveSetClient");
    return this.drive.setClient(clientId, secret);
  }
  async driveAccounts() {
    await this.ready("driveAccounts");
    return this.drive.list();
  }
  async driveConnect(job: string) {
    await this.work("driveConnect", job, "drive_sign_in", 1);
    return this.drive.connect();
  }
  async driveDisconnect(account: string, job: string) {
    await this.work("driveDisconnect", job, "drive_wait", 1);
    return this.drive.disconnect(account);
  }
  async driveTest(account: string, job: string) {
    await this.work("driveTest", job, "client", 5);
    return this.drive.test(account);
  }
  async driveList(query: DriveQuery, _job: string) {
    await this.ready("driveList");
    return this.drive.items(query);
  }
  async driveAdd(importId: number, account: string, files: string[], job: string): Promise<DriveAdded> {
    this.drive.items({ account, place: "my_drive", folder: null, drive: null, search: null, page: null });
    await this.work("driveAdd", job, "download", 48_200 * files.length);
    const message = "The file's owner does not let it be downloaded";
    const not_added = files
      .filter((id) => id === "kept")
      .map((id) => ({ id, code: "refused" as const, message, help: null }));
    if (not_added.length < files.length) {
      const first = this.takeFiles();
      const lists = sampleLists(first);
      this.find(importId).add(lists);
      for (const { id } of lists.files) this.drive.states.set(id, "same");
    }
    return { import: this.view(importId), not_added };
  }
  async driveStates(importId: number, _job: string) {
    await this.ready("driveStates");
    return this.drive.statesOf(this.view(importId));
  }
  async driveUpdate(importId: number, fileId: number, job: string) {
    await this.work("driveUpdate", job, "download", 48_200);
    this.drive.states.set(fileId, "same");
    this.find(importId).stale = true;
    return this.view(importId);
  }
  async fileRemove(importId: number, fileId: number) {
    await this.ready("fileRemove");
    this.find(importId).remove(fileId);
    return this.view(importId);
  }
  async fileReplace(importId: number, _fileId: number, job: string) {
    await this.work("fileReplace", job, "Reading the new file", 260);
    this.find(importId).stale = true;
    return this.view(importId);
  }
  async fileSetSource(importId: number, fileId: number, source: string) {
    await this.ready("fileSetSource");
    this.find(importId).setSource(fileId, source);
    return this.view(importId);
  }
  async fileSetRole(importId: number, fileId: number, role: FileRole) {
    await this.ready("fileSetRole");
    this.find(importId).file(fileId).role = role;
    return this.view(importId);
  }
  async fileSetOptions(importId: number, fileId: number, options: ReaderOptions) {
    await this.ready("fileSetOptions");
    this.find(importId).choicesOf(fileId).options = options;
    this.find(importId).stale = true;
    return this.filePreview(importId, fileId);
  }
  async filePreview(importId: number, fileId: number) {
    await this.ready("filePreview");
    const found = this.find(importId);
    return clone(previewOfFile(found.file(fileId), found.choicesOf(fileId), this.options.askDates ?? false));
  }

  async columns(importId: number, job: string) {
    await this.work("columns", job, "Looking at the columns", 480);
    return this.allColumns(importId);
  }
  private allColumns(importId: number) {
    const found = this.find(importId);
    return clone(
      found.files.map((f) => columnsOfFile(f, found.choicesOf(f.id), this.options.askDates ?? false)),
    );
  }
  async columnSetTarget(importId: number, fileId: number, column: number, target: Target | null) {
    await this.ready("columnSetTarget");
    this.find(importId).choicesOf(fileId).targets.set(column, target);
    return this.allColumns(importId);
  }
  async columnSetDateOrder(importId: number, fileId: number, column: number, order: DateOrder | null) {
    await this.ready("columnSetDateOrder");
    this.find(importId).choicesOf(fileId).orders.set(column, order);
    return this.allColumns(importId);
  }
  async stage(importId: number, job: string) {
    const found = this.find(importId);
    await this.work("stage", job, "Checking the rows", found.rows.length);
    if (found.view(this.options.askDates ?? false).files.some((f) => f.questions > 0)) {
      const message = "A question about the columns is still open.";
      throw { code: "needs_answer", message, help: "Answer it on the Columns step." } satisfies UserError;
    }
    found.staged = true;
    found.stale = false;
    return this.view(importId);
  }

  async plan(importId: number, how: PushChoice, job: string) {
    await this.work("plan", job, "Comparing with the database", 480);
    return clone(planCounts(this.find(importId), how, this.activeProfile(), this.history));
  }
  async scores(importId: number) {
    await this.ready("scores");
    return clone(this.find(importId).scores);
  }
  async scoresSet(importId: number, unify: boolean, settings: ScoreSettings) {
    await this.ready("scoresSet");
    const found = this.find(importId);
    found.scores = { ...found.scores, unify, settings: clone(settings) };
    return clone(found.scores);
  }
  async scoresPreview(importId: number, _how: PushChoice, settings: ScoreSettings, job: string) {
    await this.work("scoresPreview", job, "scores", 480);
    return clone(previewScores(this.find(importId), settings));
  }
  async memberScores(memberId: number) {
    await this.ready("memberScores");
    return memberScoresOf(memberId);
  }
  async planRows(importId: number, fate: Parameters<Api["planRows"]>[1], offset: number, limit: number) {
    await this.ready("planRows");
    return clone(planRowsOf(this.find(importId), fate, offset, limit));
  }
  async planSql(importId: number, how: PushChoice) {
    await this.ready("planSql");
    return statementsOf(planCounts(this.find(importId), how, this.activeProfile(), this.history));
  }
  async push(importId: number, packageId: string, how: PushChoice, confirmed: string | null, job: string) {
    const { environment, name } = this.activeProfile();
    if (environment === "prod" && confirmed !== name) {
      throw { code: "refused", message: "The push was not confirmed.", help: null } satisfies UserError;
    }
    await this.work("push", job, "Writing to the database", 480);
    const report = reportOf(this.find(importId), how, packageId, this.activeProfile(), this.history);
    return clone(report);
  }
  async exportFiles(importId: number, formats: ExportFormat[], job: string) {
    await this.work("exportFiles", job, "Writing the files", 480);
    const counts = this.find(importId).counts();
    const files = formats.flatMap((format) => [
      { name: `master.${format}`, rows: counts.clean, size: counts.clean * 110 },
      { name: `suspects.${format}`, rows: counts.suspect, size: counts.suspect * 130 },
      { name: `rejects.${format}`, rows: counts.rejected, size: 96 },
    ]);
    return { folder: "~/Documents/Muster", files };
  }
  async reportSave(importId: number) {
    await this.ready("reportSave");
    this.find(importId);
    return "report.json";
  }
  async pushHistory() {
    await this.ready("pushHistory");
    return clone(this.history).reverse();
  }

  async undo(entry: number, dryRun: boolean, confirmed: string | null, job: string) {
    const { environment, name } = this.activeProfile();
    if (!dryRun && environment === "prod" && confirmed !== name) {
      throw { code: "refused", message: "The undo was not confirmed.", help: null } satisfies UserError;
    }
    await this.work("undo", job, "Taking it back", 8);
    if (!dryRun) this.openAgain(entry);
    return this.undoByHand(entry) ?? clone(undoOf(this.history, entry, dryRun));
  }

  async cancelJob(job: string) {
    this.calls.push("cancelJob");
    this.cancelled.add(job);
    return null;
  }
  onProgress(listener: (p: Progress) => void) {
    return subscribe(this.progress, listener);
  }
  onFilesDropped(listener: (f: FilesDropped) => void) {
    return subscribe(this.drops, listener);
  }
  onDragOver(listener: (d: DragOver) => void) {
    return subscribe(this.drags, listener);
  }
  /** As if files were dropped on the window. */
  drop(names: string[]) {
    for (const listener of this.drops) listener({ token: "dropped", names });
  }
  /** As if files hovered over the window. */
  drag(over: boolean) {
    for (const listener of this.drags) listener({ over });
  }
}

function subscribe<T>(listeners: Set<T>, listener: T) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
