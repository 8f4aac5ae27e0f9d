import type {
  Field,
  FileVersion,
  MemberColumn,
  MemberDraft,
  MemberFileView,
  MemberRow,
  MemberRowChange,
  MemberRowChoice,
  MemberRowQuery,
  UserError,
} from "../bindings";
import { STATES } from "./data";
import { FakeFix } from "./fix";

const COLUMNS: [name: string, label: string, field: Field | null][] = [
  ["given_name", "Given name", "given_name"],
  ["family_name", "Family name", "family_name"],
  ["birth_date", "Birth date", "birth_date"],
  ["company", "Company", "company"],
  ["state", "State", "state"],
  ["email", "Email", "email"],
  ["score", "Score", "score"],
  ["shoe size", "shoe size", null],
  ["source", "Source", null],
];
const GIVEN = ["Corey", "Sharon", "Dana", "Luis", "Mei", "Anne", "Tom", "Priya"];
const FAMILY = ["Nguyen", "Lee", "de la Cruz", "McLaughlin", "Osborne", "Ray", "Hart", "Bell"];
const CHANGED: UserError = {
  code: "refused",
  message: "Another program has changed the file since it was opened",
  help: "Reload it and make your changes again, or save the rows as another file.",
};
const GONE: UserError = {
  code: "not_found",
  message: "This file is not open any more",
  help: "Open it again.",
};

type Cells = (string | null)[];
type Row = { row: number; absent: boolean; cells: Cells };
type Step = { id: number; label: string; undone: boolean; saved: boolean; turn: (undo: boolean) => void };

function made(rows: number): Row[] {
  return Array.from({ length: rows }, (_, i) => {
    const [given, family] = [GIVEN[i % 8] as string, FAMILY[(i * 3) % 8] as string];
    const state = i === 4 ? "Narnia" : (STATES[i % STATES.length]?.[1] ?? null);
    const email = i % 5 === 0 ? null : `${given.toLowerCase()}.${i + 1}@example.org`;
    const born = `19${60 + (i % 40)}-0${1 + (i % 9)}-1${i % 10}`;
    const cells = [given, family, born, "Keller Group", state, email, String(30 + i), null, "Golf Club"];
    return { row: i + 1, absent: false, cells };
  });
}

/** What the rules make of a typed text: the value and how it was rewritten, or what is wrong. */
function standardise(
  field: Field | null,
  typed: string,
): { value: string | null; note?: string; bad?: string } {
  if (typed === "" || field === null) return { value: typed || null };
  if (field === "state") {
    const found = STATES.find(([name, code]) =>
      [name, code].some((s) => s.toLowerCase() === typed.toLowerCase()),
    );
    if (!found) return { value: typed, bad: "Unknown state" };
    return { value: found[1], note: found[1] === typed ? undefined : "State written as its two-letter code" };
  }
  if (field === "birth_date" && !/^\d{4}-\d\d-\d\d$/.test(typed))
    return { value: typed, bad: "Unreadable date" };
  return { value: typed };
}

/** The part of the fake that the Member file screen talks to. */
export abstract class FakeMemberFile extends FakeFix {
  private file: { id: number; name: string } | null = null;
  private lastId = 0;
  private rowsNow: Row[] = [];
  private disk: Map<number, Cells> = new Map();
  private steps: Step[] = [];
  private versions: (FileVersion & { disk: Map<number, Cells> })[] = [];
  private drafts: (MemberDraft & { rows: Row[]; disk: Map<number, Cells> })[] = [];
  /** as if another program wrote the file */
  changedOnDisk = false;

  private load(name: string, rows: Row[]) {
    this.lastId += 1;
    this.file = { id: this.lastId, name };
    this.rowsNow = rows;
    this.steps = [];
    this.changedOnDisk = false;
    this.keepDisk();
    return this.fileView();
  }
  private keepDisk() {
    this.disk = new Map(this.rowsNow.filter((r) => !r.absent).map((r) => [r.row, [...r.cells]]));
  }
  private check(id: number) {
    if (this.file?.id !== id) throw GONE;
  }
  private stateOf({ row, absent, cells }: Row): MemberRow["state"] {
    const before = this.disk.get(row);
    if (absent) return before ? "deleted" : "saved";
    if (!before) return "added";
    return cells.some((cell, i) => cell !== before[i]) ? "changed" : "saved";
  }
  private rowView(row: Row): MemberRow {
    const state = this.stateOf(row);
    const warnings = row.cells.flatMap((cell, column) => {
      const bad = standardise(COLUMNS[column]?.[2] ?? null, cell ?? "").bad;
      return bad ? [{ column, label: bad, help: "Correct it or clear the cell." }] : [];
    });
    const marks = row.cells
      .map((cell, i) => {
        if (warnings.some((w) => w.column === i)) return "w";
        return state === "changed" && cell !== this.disk.get(row.row)?.[i] ? "e" : ".";
      })
      .join("");
    return { row: row.row, state, cells: [...row.cells], marks, warnings };
  }
  private fileView(): MemberFileView {
    const { id, name } = this.file ?? { id: 0, name: "" };
    const states = this.rowsNow.map((row) => this.stateOf(row));
    const count = (state: string) => states.filter((s) => s === state).length;
    const columns: MemberColumn[] = COLUMNS.map(([name, label, field]) => ({
      name,
      label,
      field,
      choices: field === "state" ? STATES.map(([, code]) => code) : [],
    }));
    return {
      id,
      name,
      format: name.endsWith(".xlsx") ? "xlsx" : "csv",
      columns,
      rows: this.rowsNow.filter((row) => !row.absent).length,
      unsaved: { changed: count("changed"), added: count("added"), deleted: count("deleted") },
      undo: this.steps.findLast((step) => !step.undone)?.label ?? null,
      redo: this.steps.find((step) => step.undone)?.label ?? null,
      faults: [],
      notes: [],
      blocked: null,
    };
  }
  private step(label: string, turn: (undo: boolean) => void) {
    this.steps = this.steps.filter((step) => !step.undone);
    this.steps.push({ id: this.steps.length + 1, label, undone: false, saved: false, turn });
    turn(false);
  }
  private selected(query: MemberRowQuery): Row[] {
    const words = query.search?.toLowerCase().split(/\s+/) ?? [];
    const found = this.rowsNow.filter((row) => {
      if (query.unsaved ? this.stateOf(row) === "saved" : row.absent) return false;
      const text = row.cells.join("\n").toLowerCase();
      return words.every((word) => text.includes(word));
    });
    for (const { column, descending } of [...query.sort].reverse()) {
      const value = (row: Row) => (column === null ? String(row.row).padStart(9) : (row.cells[column] ?? ""));
      found.sort((a, b) => value(a).localeCompare(value(b)) * (descending ? -1 : 1));
    }
    return found;
  }

  async memberFileOpen(job: string) {
    await this.work("memberFileOpen", job, "Reading the rows", 60);
    return this.load("master.csv", made(60));
  }
  async memberFileCurrent() {
    await this.ready("memberFileCurrent");
    return this.file && this.fileView();
  }
  /** As if Muster was closed with the file open, and started again. */
  closeWindow() {
    if (!this.file) return;
    const { name, unsaved } = this.fileView();
    const id = `file-${this.lastId}`;
    const draft = { id, name, folder: "/home/dana/members", unsaved, changed: "2026-11-25T10:15:00Z" };
    this.drafts.push({ ...draft, rows: this.rowsNow, disk: this.disk });
    this.file = null;
  }
  private draftViews(): MemberDraft[] {
    return this.drafts.map(({ rows: _rows, disk: _disk, ...draft }) => draft);
  }
  private takeDraft(id: string) {
    const found = this.drafts.find((draft) => draft.id === id);
    if (!found) throw GONE;
    this.drafts = this.drafts.filter((draft) => draft !== found);
    return found;
  }
  async memberFileDrafts() {
    await this.ready("memberFileDrafts");
    return this.draftViews();
  }
  async memberFileResume(draft: string) {
    await this.ready("memberFileResume");
    const { name, rows, disk } = this.takeDraft(draft);
    this.load(name, rows);
    this.disk = disk;
    const notes = ["These are the changes that you had not saved when Muster closed."];
    return { ...this.fileView(), notes };
  }
  async memberFileDiscardDraft(draft: string) {
    await this.ready("memberFileDiscardDraft");
    this.takeDraft(draft);
    return this.draftViews();
  }
  async memberFileClose(fileId: number) {
    await this.ready("memberFileClose");
    this.check(fileId);
    this.file = null;
    return null;
  }
  async memberFileRows(fileId: number, query: MemberRowQuery, offset: number, limit: number) {
    await this.ready("memberFileRows");
    this.check(fileId);
    const found = this.selected(query);
    return { total: found.length, rows: found.slice(offset, offset + limit).map((row) => this.rowView(row)) };
  }
  async memberFileEdit(
    fileId: number,
    row: number,
    column: number,
    value: string | null,
  ): Promise<MemberRowChange> {
    await this.ready("memberFileEdit");
    this.check(fileId);
    const found = this.rowsNow.find((r) => r.row === row && !r.absent);
    if (!found) throw GONE;
    const before = found.cells[column] ?? null;
    const after = standardise(COLUMNS[column]?.[2] ?? null, value ?? "");
    if (before !== after.value) {
      this.step(`Edit ${COLUMNS[column]?.[1]} of row ${row}`, (undo) => {
        found.cells[column] = undo ? before : after.value;
      });
    }
    return { file: this.fileView(), row: this.rowView(found), note: after.note ?? null };
  }
  async memberFileAddRow(fileId: number): Promise<MemberRowChange> {
    await this.ready("memberFileAddRow");
    this.check(fileId);
    const row: Row = { row: this.rowsNow.length + 1, absent: false, cells: COLUMNS.map(() => null) };
    this.rowsNow.push(row);
    this.step("Add a row", (undo) => {
      row.absent = undo;
    });
    return { file: this.fileView(), row: this.rowView(row), note: null };
  }
  async memberFileDeleteRows(fileId: number, choice: MemberRowChoice) {
    await this.ready("memberFileDeleteRows");
    return this.turnRows(fileId, choice, true);
  }
  async memberFileBringBackRows(fileId: number, choice: MemberRowChoice) {
    await this.ready("memberFileBringBackRows");
    return this.turnRows(fileId, choice, false);
  }
  private turnRows(fileId: number, choice: MemberRowChoice, absent: boolean) {
    this.check(fileId);
    const rows = (
      choice.kind === "rows"
        ? this.rowsNow.filter((row) => choice.rows.includes(row.row))
        : this.selected(choice.query)
    ).filter((row) => row.absent !== absent);
    const verb = absent ? "Delete" : "Bring back";
    this.step(rows.length === 1 ? `${verb} a row` : `${verb} ${rows.length} rows`, (undo) => {
      for (const row of rows) row.absent = absent !== undo;
    });
    return this.fileView();
  }
  async memberFileUndo(fileId: number) {
    await this.ready("memberFileUndo");
    return this.turnStep(
      fileId,
      this.steps.findLast((step) => !step.undone),
      true,
    );
  }
  async memberFileRedo(fileId: number) {
    await this.ready("memberFileRedo");
    return this.turnStep(
      fileId,
      this.steps.find((step) => step.undone),
      false,
    );
  }
  private turnStep(fileId: number, step: Step | undefined, undo: boolean) {
    this.check(fileId);
    step?.turn(undo);
    if (step) step.undone = undo;
    return this.fileView();
  }
  async memberFileSteps(fileId: number) {
    await this.ready("memberFileSteps");
    this.check(fileId);
    return this.steps.map(({ id, label, undone, saved }) => ({ id, label, undone, saved })).reverse();
  }
  async memberFileSave(fileId: number, job: string) {
    await this.work("memberFileSave", job, "Writing the rows", 60);
    this.check(fileId);
    if (this.changedOnDisk) throw CHANGED;
    this.keepVersion();
    this.keepDisk();
    for (const step of this.steps) step.saved = !step.undone;
    return this.fileView();
  }
  private keepVersion() {
    const number = this.versions.length + 1;
    const replaced = `2026-11-25T10:0${number % 10}:00Z`;
    this.versions.unshift({ id: `version-${number}`, replaced, size: this.disk.size * 90, disk: this.disk });
  }
  async memberFileSaveAs(fileId: number, job: string) {
    await this.work("memberFileSaveAs", job, "Writing the rows", 60);
    this.check(fileId);
    this.file = { id: fileId, name: "members.csv" };
    this.changedOnDisk = false;
    this.keepDisk();
    return this.fileView();
  }
  async memberFileReload(fileId: number, job: string) {
    await this.work("memberFileReload", job, "Reading the rows", 60);
    this.check(fileId);
    return this.load(this.file?.name ?? "", fromDisk(this.disk));
  }
  async memberFileVersions(fileId: number) {
    await this.ready("memberFileVersions");
    this.check(fileId);
    return this.versions.map(({ id, replaced, size }) => ({ id, replaced, size }));
  }
  async memberFileRestore(fileId: number, version: string, job: string) {
    await this.work("memberFileRestore", job, "Reading the rows", 60);
    this.check(fileId);
    const found = this.versions.find(({ id }) => id === version);
    if (!found) throw GONE;
    this.keepVersion();
    return this.load(this.file?.name ?? "", fromDisk(found.disk));
  }
}

function fromDisk(disk: Map<number, Cells>): Row[] {
  return [...disk.values()].map((cells, i) => ({ row: i + 1, absent: false, cells: [...cells] }));
}
