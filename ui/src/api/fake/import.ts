import type { Counts, ImportSummary, ImportView, NewOperation, ScoresView, Step } from "../bindings";
import { type FileChoices, newChoices, viewOfFile } from "./columns";
import type { SourceFile, SourceRow } from "./data";
import { type Derived, derive, type StoredOperation } from "./rows";
import { NO_SCORES } from "./scores";

/** One import of the fake: its files, the person's choices and steps. */
export class FakeImport {
  step: Step = "files";
  files: SourceFile[] = [];
  rows: SourceRow[] = [];
  operations: StoredOperation[] = [];
  undoneLast: number[] = [];
  staged = false;
  stale = false;
  pushed: string | null = null;
  scores: ScoresView = NO_SCORES;
  readonly created = "2026-11-02T08:30:00Z";
  updated = "2026-11-20T15:04:00Z";
  private choices = new Map<number, FileChoices>();
  private nextOperation = 1;

  constructor(
    readonly id: number,
    public name: string,
  ) {}

  add({ files, rows }: { files: SourceFile[]; rows: SourceRow[] }) {
    const offset = this.rows.length;
    this.files.push(...files);
    this.rows.push(...rows.map((row) => ({ ...row, row: row.row + offset })));
    this.stale = this.staged;
  }
  remove(fileId: number) {
    this.files = this.files.filter((f) => f.id !== fileId);
    this.rows = this.rows.filter((r) => r.file !== fileId);
    this.stale = this.staged;
  }
  file(fileId: number): SourceFile {
    const found = this.files.find((f) => f.id === fileId);
    if (!found) throw { code: "not_found", message: "This file is no longer there.", help: null };
    return found;
  }
  choicesOf(fileId: number): FileChoices {
    const found = this.choices.get(fileId) ?? newChoices();
    this.choices.set(fileId, found);
    return found;
  }
  setSource(fileId: number, source: string) {
    this.file(fileId).source = source;
    for (const row of this.rows) if (row.file === fileId) row.source = source;
  }

  derived(): Derived[] {
    return derive(this.rows, this.operations);
  }
  counts(): Counts {
    const rows = this.derived();
    const of = (name: string) => rows.filter((row) => row.class === name).length;
    return {
      read: rows.length,
      clean: of("clean"),
      suspect: of("suspect"),
      rejected: of("rejected"),
      excluded: of("excluded"),
    };
  }
  addOperation(operation: NewOperation): StoredOperation {
    const created = new Date(Date.UTC(2026, 10, 20, 15, this.nextOperation)).toISOString();
    const stored = { id: this.nextOperation++, operation, undone: false, created, rows: 0 };
    this.operations.push(stored);
    this.undoneLast = [];
    return stored;
  }

  view(askDates: boolean): ImportView {
    return {
      id: this.id,
      name: this.name,
      step: this.step,
      files: this.files.map((f) => viewOfFile(f, this.choicesOf(f.id), askDates)),
      counts: this.staged ? this.counts() : null,
      stale: this.stale,
    };
  }
  summary(): ImportSummary {
    return {
      id: this.id,
      name: this.name,
      step: this.step,
      files: this.files.map((f) => f.name),
      counts: this.staged ? this.counts() : null,
      created: this.created,
      updated: this.updated,
      pushed: this.pushed,
    };
  }
}
