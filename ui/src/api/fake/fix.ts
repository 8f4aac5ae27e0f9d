import type { Field, FieldInfo, NewOperation, OperationView, RowQuery } from "../bindings";
import type { Api } from "../client";
import { COMPANIES, FIELDS, STATES } from "./data";
import type { FakeImport } from "./import";
import { FakeMemberMerges } from "./memberMerges";
import { changedValue, countIssues, gridRow, type StoredOperation, select, storyOf } from "./rows";

const LABELS: Record<Field, string> = {
  prefix: "Title",
  given_name: "Given name",
  middle_name: "Middle name",
  family_name: "Family name",
  suffix: "Suffix",
  preferred_name: "Preferred name",
  birth_date: "Birth date",
  company: "Company",
  state: "State",
  email: "Email",
  phone: "Phone",
  member_since: "Member since",
  last_active: "Last active",
  score: "Score",
  source_key: "Member number",
};
const UNUSED: Field[] = ["middle_name", "preferred_name", "email", "phone", "source_key"];

function labelOf({ operation: op }: StoredOperation): string {
  const show = (value: string | null) => (value === null ? "empty" : `“${value}”`);
  switch (op.kind) {
    case "edit_cell":
      return `${LABELS[op.field]} of row ${op.row}: ${show(op.value)}`;
    case "replace_value":
      return `${LABELS[op.field]}: replace ${show(op.find)} with ${show(op.replace || null)}`;
    case "merge_values":
      return `${LABELS[op.field]}: ${op.from.length} values become ${show(op.to)}`;
    case "map_value":
      return `${show(op.from)} becomes ${show(op.to)}`;
    case "exclude_rows":
      return op.rows.length === 1 ? `Exclude row ${op.rows[0]}` : `Exclude ${op.rows.length} rows`;
    default:
      return "Restore rows";
  }
}

const viewOf = (stored: StoredOperation): OperationView => ({
  id: stored.id,
  kind: stored.operation.kind,
  label: labelOf(stored),
  rows: stored.rows,
  not_found: 0,
  created: stored.created,
});

/** The part of the fake that the Fix step talks to. */
export abstract class FakeFix extends FakeMemberMerges {
  protected abstract ready(name: keyof Api): Promise<void>;
  protected abstract work(name: keyof Api, job: string, stage: string, total: number): Promise<void>;
  protected abstract find(id: number): FakeImport;

  async fields(importId: number): Promise<FieldInfo[]> {
    await this.ready("fields");
    this.find(importId);
    return FIELDS.map((field) => ({
      field,
      label: LABELS[field],
      used: !UNUSED.includes(field),
      kind:
        field === "birth_date" || field === "last_active"
          ? "date"
          : field === "score" || field === "member_since"
            ? "number"
            : field === "state" || field === "company"
              ? "choice"
              : "text",
      choices: field === "state" ? STATES.map(([, code]) => code) : field === "company" ? COMPANIES : [],
    }));
  }
  async rows(importId: number, query: RowQuery, offset: number, limit: number) {
    await this.ready("rows");
    const found = select(this.find(importId).derived(), query);
    return { total: found.length, rows: found.slice(offset, offset + limit).map(gridRow) };
  }
  async issueCounts(importId: number, query: RowQuery) {
    await this.ready("issueCounts");
    return countIssues(select(this.find(importId).derived(), query));
  }
  async facet(importId: number, field: Field, query: RowQuery, search: string | null) {
    await this.ready("facet");
    const counts = new Map<string | null, number>();
    for (const row of select(this.find(importId).derived(), query)) {
      counts.set(row.cells[field], (counts.get(row.cells[field]) ?? 0) + 1);
    }
    const needle = search?.toLowerCase() ?? "";
    const values = [...counts]
      .filter(([value]) => (value ?? "").toLowerCase().includes(needle))
      .map(([value, rows]) => ({ value, rows }))
      .sort((a, b) => b.rows - a.rows);
    return { field, distinct: counts.size, values: values.slice(0, 100) };
  }
  async spellings(importId: number, field: Field) {
    await this.ready("spellings");
    if (field !== "family_name") return [];
    const rows = this.find(importId).derived();
    const count = (value: string) => rows.filter((row) => row.cells.family_name === value).length;
    const values = ["Mclaughlin", "McLaughlin"].map((value) => ({ value, rows: count(value) }));
    return values.every((v) => v.rows > 0) || values[0]?.rows ? [{ values, suggestion: "McLaughlin" }] : [];
  }
  async cellStory(importId: number, row: number, field: Field) {
    await this.ready("cellStory");
    return storyOf(this.derivedRow(importId, row), field);
  }
  async rowStory(importId: number, row: number) {
    await this.ready("rowStory");
    const found = this.derivedRow(importId, row);
    const file = this.find(importId).file(found.source.file);
    return {
      row,
      file: file.name,
      source: found.source.source,
      line: found.source.line,
      class: found.class,
      raw: file.header.map((header, i) => ({ header, value: found.source.raw[i] ?? "" })),
      issues: found.issues,
    };
  }
  private derivedRow(importId: number, row: number) {
    const found = this.find(importId)
      .derived()
      .find((r) => r.source.row === row);
    if (!found) throw { code: "not_found", message: "This row is no longer there.", help: null };
    return found;
  }

  async operations(importId: number) {
    await this.ready("operations");
    const found = this.find(importId);
    found.derived();
    return found.operations.filter((op) => !op.undone).map(viewOf);
  }
  async operationAdd(importId: number, operation: NewOperation, job: string) {
    await this.work("operationAdd", job, "Applying the step", 480);
    const found = this.find(importId);
    const stored = found.addOperation(this.fixed(found, operation));
    if (operation.kind === "map_value") {
      const mapped = found.choicesOf(operation.file).mapped;
      mapped.set(operation.column, (mapped.get(operation.column) ?? 0) + 1);
    }
    const counts = found.counts();
    return { operation: viewOf(stored), counts };
  }
  /** What a query finds is decided when the step is made. */
  private fixed(found: FakeImport, operation: NewOperation): NewOperation {
    if (operation.kind !== "exclude_found" && operation.kind !== "restore_found") return operation;
    const rows = select(found.derived(), operation.query).map((row) => row.source.row);
    return { kind: operation.kind === "exclude_found" ? "exclude_rows" : "restore_rows", rows };
  }
  async operationUndo(importId: number, operationId: number, job: string) {
    await this.work("operationUndo", job, "Undoing the step", 480);
    const found = this.find(importId);
    const stored = found.operations.find((op) => op.id === operationId);
    if (!stored) throw { code: "not_found", message: "This step is no longer there.", help: null };
    stored.undone = true;
    found.undoneLast.push(operationId);
    return { operation: viewOf(stored), counts: found.counts() };
  }
  async operationRedo(importId: number, job: string) {
    await this.work("operationRedo", job, "Bringing the step back", 480);
    const found = this.find(importId);
    const last = found.undoneLast.pop();
    const stored = found.operations.find((op) => op.id === last);
    if (stored) stored.undone = false;
    const counts = found.counts();
    return { operation: stored ? viewOf(stored) : null, counts };
  }
  async replacePreview(importId: number, operation: NewOperation) {
    await this.ready("replacePreview");
    if (operation.kind !== "replace_value" && operation.kind !== "merge_values")
      return { rows: 0, samples: [] };
    const samples = this.find(importId)
      .derived()
      .flatMap((row) => {
        const before = row.cells[operation.field];
        const change = changedValue(operation, before);
        return change ? [{ row: row.source.row, before, after: change.after }] : [];
      });
    return { rows: samples.length, samples: samples.slice(0, 5) };
  }

  async columnValues(
    importId: number,
    fileId: number,
    column: number,
    search: string | null,
    offset: number,
    limit: number,
  ) {
    await this.ready("columnValues");
    const found = this.find(importId);
    const counts = new Map<string, number>();
    for (const line of found.file(fileId).lines) {
      const value = line[column] ?? "";
      if (value.toLowerCase().includes(search?.toLowerCase() ?? ""))
        counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const isCompany = found.file(fileId).header[column] === "company_id";
    const values = [...counts]
      .sort((a, b) => b[1] - a[1])
      .map(([value, rows]) => {
        const mapped = found.operations.findLast(
          ({ operation: op, undone }) =>
            op.kind === "map_value" &&
            !undone &&
            op.file === fileId &&
            op.column === column &&
            op.from === value,
        );
        const read = isCompany
          ? (COMPANIES[Number(value)] ?? null)
          : (standardStates.get(value.trim()) ?? value);
        const becomes = mapped?.operation.kind === "map_value" ? mapped.operation.to : read;
        const level = becomes === null ? ("warning" as const) : null;
        return { value, rows, becomes, level, mapped_by_person: mapped !== undefined };
      });
    return { total: values.length, values: values.slice(offset, offset + limit) };
  }
}

const standardStates = new Map<string, string>(STATES);
