// What the app left behind, read with programs of our own (tests/query): not with the code that wrote it.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { secretOf } from "./servers.js";

export type Row = Record<string, string | number | null>;

const QUERY = join(dirname(process.env.MUSTER_CLI ?? "target/debug/muster"), "muster-query");

/** The key of a database in a data folder, from the keychain that the app keeps it in. */
function keyOf(path: string): string {
  const id = readFileSync(join(dirname(path), "data-key.id"), "utf8").trim();
  const key = secretOf({ service: "org.muster.Muster", username: `data-key/${id}` });
  if (!key) throw new Error(`the keychain has no key for ${path}`);
  return key.trim();
}

export function query(path: string, sql: string): Row[] {
  // By standard input: a key has no place among the arguments.
  const input = `${keyOf(path)}\n${sql}`;
  return JSON.parse(execFileSync(QUERY, [path], { input, encoding: "utf8", maxBuffer: 1 << 28 })) as Row[];
}

export function count(path: string, sql: string): number {
  return Number(Object.values(query(path, sql)[0] ?? {})[0]);
}

/** Every membership as a line of master.csv would show it, by its file and line. */
export function memberships(path: string): Map<string, Record<string, string>> {
  const rows = query(
    path,
    `select file.name as source_file, record.line as source_row, club.name as source, company.name as company,
       member.given_name, member.middle_name, member.family_name, member.prefix, member.suffix,
       member.preferred_name, member.birth_date, member.state, member.email, member.phone,
       membership.member_since, membership.last_active, membership.score
     from source_record as record
     join source_file as file on file.id = record.source_file_id
     join membership on membership.id = record.membership_id
     join member on member.id = membership.member_id
     join club on club.id = membership.club_id
     left join company on company.id = member.company_id`,
  );
  return byPlace(rows.map((row) => mapValues(row, (value) => (value === null ? "" : String(value)))));
}

/** The lines of a CSV file, by the file and line they came from. */
export function exported(path: string): Map<string, Record<string, string>> {
  const [header, ...lines] = parseCsv(readFileSync(path, "utf8"));
  return byPlace(lines.map((line) => Object.fromEntries((header ?? []).map((name, at) => [name, line[at] ?? ""]))));
}

function byPlace(rows: Record<string, string>[]): Map<string, Record<string, string>> {
  return new Map(rows.map((row) => [`${row.source_file}:${row.source_row}`, row]));
}

function mapValues(row: Row, change: (value: string | number | null) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, change(value)]));
}

/** RFC 4180: quotes around what holds a comma, a quote or a line end; a quote inside is doubled. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|\n|$)/y;
  const body = text.replace(/^\uFEFF/, "");
  while (cell.lastIndex < body.length) {
    const found = cell.exec(body);
    if (!found) throw new Error(`no CSV after line ${rows.length + 1}`);
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? "");
    if (found[3] !== ",") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

/** Where two sets of rows differ, a line each; numbers are compared as numbers. */
export function differences(ours: Map<string, Record<string, string>>, theirs: Map<string, Record<string, string>>, columns: string[]): string[] {
  const found: string[] = [];
  for (const place of new Set([...ours.keys(), ...theirs.keys()])) {
    const [a, b] = [ours.get(place), theirs.get(place)];
    if (!a || !b) {
      found.push(`${place} is ${a ? "only in the first" : "only in the second"}`);
      continue;
    }
    for (const column of columns) {
      const [left, right] = [a[column] ?? "", b[column] ?? ""];
      if (left !== right && !(left !== "" && right !== "" && Number(left) === Number(right))) {
        found.push(`${place} ${column}: ${JSON.stringify(left)} and ${JSON.stringify(right)}`);
      }
    }
  }
  return found;
}

export const COMPARED = [
  "given_name", "middle_name", "family_name", "prefix", "suffix", "preferred_name", "birth_date", "company", "state",
  "email", "phone", "member_since", "last_active", "score", "source",
];
