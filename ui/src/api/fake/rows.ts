import type {
  CellStory,
  Field,
  GridRow,
  IssueCount,
  Level,
  NewOperation,
  RowClass,
  RowQuery,
  SortBy,
} from "../bindings";
import { type Cells, FIELDS, type SourceRow } from "./data";

export type Rule = { rule: string; level: Level; label: string; help: string; field: Field };

const RULES: Rule[] = [
  {
    rule: "joined_before_birth",
    level: "error",
    label: "Joined before birth",
    help: "The year of joining is earlier than the year of birth. Correct one of the two, or leave the row apart.",
    field: "member_since",
  },
  {
    rule: "active_before_joined",
    level: "error",
    label: "Active before joining",
    help: "The last activity is earlier than the year of joining.",
    field: "last_active",
  },
  {
    rule: "unknown_company",
    level: "warning",
    label: "Unknown company",
    help: "The list of companies has no such id. The company stays empty; the id is kept.",
    field: "company",
  },
  {
    rule: "missing_name",
    level: "error",
    label: "Family name missing",
    help: "A member needs a family name.",
    field: "family_name",
  },
];

export type StoredOperation = {
  id: number;
  operation: NewOperation;
  undone: boolean;
  created: string;
  rows: number;
};
export type Derived = {
  source: SourceRow;
  cells: Cells;
  edited: Set<Field>;
  excluded: boolean;
  issues: Rule[];
  class: RowClass;
  steps: { field: Field; label: string; before: string | null; after: string | null }[];
};

const year = (value: string | null) => (value ? Number(value.slice(0, 4)) : null);

function findIssues(cells: Cells, source: SourceRow): Rule[] {
  const [joinedBeforeBirth, activeBeforeJoined, unknownCompany, missingName] = RULES as [
    Rule,
    Rule,
    Rule,
    Rule,
  ];
  const found: Rule[] = [];
  const born = year(cells.birth_date);
  const joined = year(cells.member_since);
  const active = year(cells.last_active);
  if (born !== null && joined !== null && joined < born) found.push(joinedBeforeBirth);
  if (joined !== null && active !== null && active < joined) found.push(activeBeforeJoined);
  if (cells.company === null && source.before.company) found.push(unknownCompany);
  if (!cells.family_name) found.push(missingName);
  return found;
}

/** Whether, and to what, an operation changes one value. */
export function changedValue(
  op: Extract<NewOperation, { kind: "replace_value" | "merge_values" }>,
  value: string | null,
): { after: string | null } | null {
  if (op.kind === "merge_values") return op.from.includes(value) && value !== op.to ? { after: op.to } : null;
  if (value === null || op.find === "") return null;
  const same = (a: string, b: string) => (op.match_case ? a === b : a.toLowerCase() === b.toLowerCase());
  if (op.whole_cell) return same(value, op.find) ? { after: op.replace || null } : null;
  const escaped = op.find.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const after = value.replace(new RegExp(escaped, op.match_case ? "g" : "gi"), () => op.replace);
  return after === value ? null : { after: after || null };
}

function applyTo(row: Derived, stored: StoredOperation): boolean {
  const op = stored.operation;
  const set = (field: Field, after: string | null, label: string) => {
    row.steps.push({ field, label, before: row.cells[field], after });
    row.cells[field] = after;
    row.edited.add(field);
    return true;
  };
  switch (op.kind) {
    case "edit_cell":
      return op.row === row.source.row && set(op.field, op.value, "Edited");
    case "replace_value":
    case "merge_values": {
      const change = changedValue(op, row.cells[op.field]);
      const label = op.kind === "merge_values" ? "Spellings merged" : "Found and replaced";
      return change !== null && set(op.field, change.after, label);
    }
    case "map_value": {
      const isTarget = op.file === row.source.file && row.source.raw[op.column] === op.from;
      const field = fieldOfColumn(op.file, op.column, row.source);
      return isTarget && field !== null && set(field, op.to, "Value mapped");
    }
    case "exclude_rows":
    case "restore_rows": {
      if (!op.rows.includes(row.source.row)) return false;
      row.excluded = op.kind === "exclude_rows";
      return true;
    }
    default:
      return false;
  }
}

function fieldOfColumn(_file: number, column: number, source: SourceRow): Field | null {
  const golf = source.raw.length === 8;
  const fields: (Field | null)[] = golf
    ? ["given_name", "family_name", "birth_date", "company", "last_active", "score", "member_since", "state"]
    : [null, "birth_date", "company", "last_active", "score", "member_since", "state"];
  return fields[column] ?? null;
}

/** Rows as the person's steps leave them, with their issues. */
export function derive(rows: SourceRow[], operations: StoredOperation[]): Derived[] {
  for (const op of operations) op.rows = 0;
  return rows.map((source) => {
    const row: Derived = {
      source,
      cells: { ...source.cells },
      edited: new Set(),
      excluded: false,
      issues: [],
      class: "clean",
      steps: [],
    };
    for (const op of operations) if (!op.undone && applyTo(row, op)) op.rows += 1;
    row.issues = findIssues(row.cells, source);
    if (row.excluded) row.class = "excluded";
    else if (row.issues.some((i) => i.rule === "missing_name")) row.class = "rejected";
    else if (row.issues.some((i) => i.level === "error")) row.class = "suspect";
    return row;
  });
}

function markOf(row: Derived, field: Field): string {
  const level = row.issues.find((i) => i.field === field)?.level;
  if (level === "error") return "x";
  if (level === "warning") return "w";
  if (row.edited.has(field)) return "e";
  const before = row.source.before[field];
  return before !== undefined && before !== row.cells[field] ? "c" : ".";
}

export function gridRow(row: Derived): GridRow {
  return {
    row: row.source.row,
    file: row.source.file,
    source: row.source.source,
    line: row.source.line,
    class: row.class,
    cells: FIELDS.map((field) => row.cells[field]),
    marks: FIELDS.map((field) => markOf(row, field)).join(""),
  };
}

function matches(row: Derived, query: RowQuery): boolean {
  if (query.class && row.class !== query.class) return false;
  if (query.rule && !row.issues.some((i) => i.rule === query.rule)) return false;
  if (query.file && row.source.file !== query.file) return false;
  if (query.edited && row.edited.size === 0) return false;
  const needle = query.search?.trim().toLowerCase();
  if (needle && !FIELDS.some((f) => row.cells[f]?.toLowerCase().includes(needle))) return false;
  return query.facets.every((facet) => facet.values.includes(row.cells[facet.field]));
}

function keyOf(row: Derived, by: SortBy["field"]): string {
  if (by === "row") return String(row.source.row).padStart(9, "0");
  if (by === "class") return row.class;
  const value = row.cells[by as Field] ?? "";
  return by === "score" ? value.padStart(6, "0") : value;
}

export function select(rows: Derived[], query: RowQuery): Derived[] {
  const found = rows.filter((row) => matches(row, query));
  if (query.sort.length === 0) return found;
  return found.sort((a, b) => {
    for (const sort of query.sort) {
      const order = keyOf(a, sort.field).localeCompare(keyOf(b, sort.field));
      if (order !== 0) return sort.descending ? -order : order;
    }
    return 0;
  });
}

export function countIssues(rows: Derived[]): IssueCount[] {
  return RULES.map((rule) => ({ ...rule, rows: rows.filter((r) => r.issues.includes(rule)).length })).filter(
    (count) => count.rows > 0,
  );
}

export function storyOf(row: Derived, field: Field): CellStory {
  const before = row.source.before[field];
  const raw = before ?? row.source.cells[field];
  const byRule = before !== undefined && before !== row.source.cells[field];
  const ruleLabel = field.endsWith("_date") || field === "last_active" ? "Read as a date" : "Standardised";
  return {
    field,
    raw,
    value: row.cells[field],
    changes: [
      ...(byRule
        ? [{ label: ruleLabel, by_person: false, before: raw, after: row.source.cells[field] }]
        : []),
      ...row.steps
        .filter((step) => step.field === field)
        .map((step) => ({ label: step.label, by_person: true, before: step.before, after: step.after })),
    ],
    issues: row.issues.filter((issue) => issue.field === field),
  };
}
