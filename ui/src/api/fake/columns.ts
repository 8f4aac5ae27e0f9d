import type {
  ColumnView,
  DateOrder,
  FileColumns,
  FilePreview,
  FileView,
  ReaderOptions,
  Target,
} from "../bindings";
import type { SourceFile } from "./data";

/** What a person chose for one file of the fake. */
export type FileChoices = {
  options: ReaderOptions;
  targets: Map<number, Target | null>;
  orders: Map<number, DateOrder | null>;
  mapped: Map<number, number>;
};

export const DETECT: ReaderOptions = {
  encoding: null,
  delimiter: null,
  quote: null,
  header_row: null,
  sheet: null,
};

export function newChoices(): FileChoices {
  return { options: DETECT, targets: new Map(), orders: new Map(), mapped: new Map() };
}

const GUESSES: Record<string, [Target, number, string]> = {
  first_name: ["given_name", 0.98, "The header is a known name of this field"],
  last_name: ["family_name", 0.98, "The header is a known name of this field"],
  name: ["full_name", 0.95, "The header is a known name of this field; the values look like whole names"],
  dob: ["birth_date", 0.96, "The header is a known short form; all values are dates"],
  date_of_birth: ["birth_date", 0.99, "The header is a known name of this field"],
  company_id: ["company", 0.9, "All values are ids of the list of companies"],
  last_active: ["last_active", 1, "The header is this field's own name"],
  score: ["score", 1, "The header is this field's own name"],
  member_since: ["member_since", 1, "The header is this field's own name"],
  joined_league: ["member_since", 0.71, "The header starts like “joined”; all values are years"],
  state: ["state", 1, "The header is this field's own name"],
  us_state: ["state", 0.93, "The header is close to “state”; all values are states"],
  id: ["id", 1, "A column of unique numbers in a list of companies"],
};

function guess(file: SourceFile, header: string): [Target, number, string] | null {
  if (file.role === "companies") {
    if (header === "id") return ["id", 1, "Unique numbers in a list of companies"];
    return ["name", 1, "The names in a list of companies"];
  }
  return GUESSES[header] ?? null;
}

function dateOrder(file: SourceFile, index: number, header: string, choices: FileChoices, askDates: boolean) {
  const isDate = ["dob", "date_of_birth", "last_active"].includes(header);
  if (!isDate || !file.name.endsWith(".tsv")) return null;
  const chosen = choices.orders.get(index) ?? null;
  const asks = askDates && header === "last_active";
  const question = asks && chosen === null;
  const counts = asks
    ? { day_month_only: 0, month_day_only: 0, both: file.lines.length }
    : { day_month_only: 0, month_day_only: 131, both: file.lines.length - 131 };
  return { chosen: chosen ?? (asks ? null : ("month_day" as const)), question, ...counts };
}

function columnOf(file: SourceFile, index: number, choices: FileChoices, askDates: boolean): ColumnView {
  const header = file.header[index] ?? "";
  const values = file.lines.map((line) => line[index] ?? "");
  const filled = values.filter((value) => value !== "");
  const found = guess(file, header);
  const byPerson = choices.targets.has(index);
  return {
    index,
    header,
    samples: [...new Set(askDates && header === "last_active" ? ["03/04/2018", ...filled] : filled)].slice(
      0,
      4,
    ),
    fill_rate: filled.length / Math.max(1, values.length),
    distinct: new Set(filled).size,
    target: byPerson ? (choices.targets.get(index) ?? null) : (found?.[0] ?? null),
    confidence: byPerson ? 1 : (found?.[1] ?? 0),
    why: byPerson ? "You chose it" : (found?.[2] ?? "Nothing like it is known"),
    chosen_by: byPerson ? "person" : "muster",
    date_order: dateOrder(file, index, header, choices, askDates),
    unreadable: 0,
    mapped_values: choices.mapped.get(index) ?? 0,
  };
}

function missingOf(file: SourceFile, columns: ColumnView[]): Target[] {
  const has = (target: Target) => columns.some((column) => column.target === target);
  if (file.role === "companies") return (["id", "name"] as Target[]).filter((target) => !has(target));
  return has("full_name") || has("family_name") ? [] : ["family_name"];
}

export function viewOfFile(file: SourceFile, choices: FileChoices, askDates: boolean): FileView {
  const columns = file.header.map((_, index) => columnOf(file, index, choices, askDates));
  const open =
    columns.filter((column) => column.date_order?.question).length + missingOf(file, columns).length;
  return {
    id: file.id,
    name: file.name,
    size: file.size,
    sha256: String(file.id).padStart(64, "0"),
    kind: "delimited",
    role: file.role,
    source: file.source,
    rows: file.lines.length,
    questions: open,
    from_drive: false,
  };
}

export function columnsOfFile(file: SourceFile, choices: FileChoices, askDates: boolean): FileColumns {
  const columns = file.header.map((_, index) => columnOf(file, index, choices, askDates));
  return {
    file: viewOfFile(file, choices, askDates),
    columns,
    missing: missingOf(file, columns),
    template: null,
  };
}

export function previewOfFile(file: SourceFile, choices: FileChoices, askDates: boolean): FilePreview {
  const first = (choices.options.header_row ?? 1) - 1;
  const all = [file.header, ...file.lines];
  return {
    file: viewOfFile(file, choices, askDates),
    chosen: choices.options,
    detected: {
      encoding: "UTF-8",
      delimiter: file.name.endsWith(".tsv") ? "\t" : ",",
      quote: '"',
      header_row: 1,
      sheet: null,
    },
    encodings: ["UTF-8", "UTF-16LE", "UTF-16BE", "windows-1252", "ISO-8859-2"],
    sheets: [],
    header: all[first] ?? [],
    rows: all.slice(first + 1, first + 51),
    lines: all.slice(first + 1, first + 51).map((_, i) => first + 2 + i),
    issues: file.name.endsWith(".tsv")
      ? [{ rule: "ragged_row", level: "warning", line: 118, label: "Fewer cells than the header", rows: 1 }]
      : [],
  };
}
