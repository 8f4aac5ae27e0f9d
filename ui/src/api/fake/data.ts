import type { Field, FileRole } from "../bindings";

/** Fields of the grid, in the order of `GridRow.cells`. */
export const FIELDS: Field[] = [
  "prefix",
  "given_name",
  "middle_name",
  "family_name",
  "suffix",
  "preferred_name",
  "birth_date",
  "company",
  "state",
  "email",
  "phone",
  "member_since",
  "last_active",
  "score",
  "source_key",
];

export type Cells = Record<Field, string | null>;

/** A row as it was read and mapped, before the person's steps. */
export type SourceRow = {
  row: number;
  file: number;
  source: string;
  line: number;
  raw: string[];
  /** what was in the file for a field, when it differs from `cells` */
  before: Partial<Record<Field, string>>;
  cells: Cells;
};

export type SourceFile = {
  id: number;
  name: string;
  source: string;
  role: FileRole;
  size: number;
  header: string[];
  lines: string[][];
};

export const COMPANIES = [
  "Williams-Stephenson",
  "Brown, Vasquez and Sanchez",
  "Keller Group",
  "Rivera-Lowe",
  "Hart and Sons",
  "Nguyen Logistics",
  "Bell Partners",
  "Osborne Ltd",
];
export const STATES: [string, string][] = [
  ["Illinois", "IL"],
  ["Wisconsin", "WI"],
  ["New Mexico", "NM"],
  ["Oregon", "OR"],
  ["Maryland", "MD"],
  ["Wyoming", "WY"],
  ["Texas", "TX"],
  ["Vermont", "VT"],
  ["Ohio", "OH"],
];
const GIVEN = [
  "Mikayla",
  "Thomas",
  "Corey",
  "Robert",
  "Brittany",
  "Sharon",
  "Kelly",
  "Andre",
  "Lucía",
  "Noor",
  "Zoë",
];
const FAMILY = [
  "Brennan",
  "Holmes",
  "Jones",
  "Mclaughlin",
  "Norris",
  "Nichols",
  "Nguyen",
  "O'Hara",
  "de la Cruz",
  "Ito",
];

/** A small seeded generator: the same lists every time, so tests can count on them. */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pad = (n: number) => String(n).padStart(2, "0");

function emptyCells(): Cells {
  return Object.fromEntries(FIELDS.map((field) => [field, null])) as Cells;
}

function person(index: number, next: (below: number) => number) {
  const given = GIVEN[next(GIVEN.length)] ?? "";
  const family = FAMILY[next(FAMILY.length)] ?? "";
  const born = 1950 + next(45);
  const date = { y: born, m: 1 + next(12), d: 1 + next(28) };
  // About one in six joined before they were born: the lists' usual fault.
  const joined = index % 6 === 0 ? born - 1 - next(20) : born + 16 + next(20);
  const company = index % 21 === 5 ? 20 : next(COMPANIES.length);
  const active = { y: 2018, m: 1 + next(12), d: 1 + next(28) };
  return {
    given,
    family,
    date,
    joined,
    company,
    active,
    score: 30 + next(70),
    state: STATES[next(STATES.length)],
  };
}

function commonCells(p: ReturnType<typeof person>): Cells {
  return {
    ...emptyCells(),
    given_name: p.given,
    family_name: p.family,
    birth_date: `${p.date.y}-${pad(p.date.m)}-${pad(p.date.d)}`,
    company: COMPANIES[p.company] ?? null,
    state: p.state?.[1] ?? null,
    member_since: String(p.joined),
    last_active: `${p.active.y}-${pad(p.active.m)}-${pad(p.active.d)}`,
    score: String(p.score),
  };
}

function golfRows(count: number, file: number): SourceRow[] {
  const next = random(7);
  return Array.from({ length: count }, (_, i) => {
    const p = person(i, next);
    const cells = commonCells(p);
    const born = `${p.date.y}/${pad(p.date.m)}/${pad(p.date.d)}`;
    const active = `${p.active.y}/${pad(p.active.m)}/${pad(p.active.d)}`;
    const raw = [
      p.given,
      p.family,
      born,
      String(p.company),
      active,
      String(p.score),
      String(p.joined),
      p.state?.[1] ?? "",
    ];
    const before = { birth_date: born, last_active: active, company: String(p.company) };
    return { row: i + 1, file, source: "Unity Golf Club", line: i + 2, raw, before, cells };
  });
}

function softballRows(count: number, file: number, offset: number): SourceRow[] {
  const next = random(11);
  return Array.from({ length: count }, (_, i) => {
    const p = person(i + 3, next);
    const cells = commonCells(p);
    if (i % 14 === 3) cells.prefix = "Dr.";
    if (i % 17 === 2) cells.suffix = "Jr.";
    const name = [cells.prefix, p.given, p.family, cells.suffix].filter(Boolean).join(" ");
    const state = i % 40 === 12 ? `${p.state?.[0]} ` : (p.state?.[0] ?? "");
    const born = `${pad(p.date.m)}/${pad(p.date.d)}/${p.date.y}`;
    const active = `${pad(p.active.m)}/${pad(p.active.d)}/${p.active.y}`;
    const raw = [name, born, String(p.company), active, String(p.score), String(p.joined), state];
    const before = {
      given_name: name,
      family_name: name,
      birth_date: born,
      last_active: active,
      company: String(p.company),
      state,
    };
    return { row: offset + i + 1, file, source: "US Softball League", line: i + 2, raw, before, cells };
  });
}

/** The sample lists: two clubs and their companies. */
export function sampleLists(firstFileId: number): { files: SourceFile[]; rows: SourceRow[] } {
  const golf = golfRows(260, firstFileId);
  const softball = softballRows(220, firstFileId + 1, golf.length);
  const file = (
    id: number,
    name: string,
    source: string,
    role: FileRole,
    header: string[],
    lines: string[][],
  ) => ({
    id,
    name,
    source,
    role,
    size: lines.reduce((sum, cells) => sum + cells.join(",").length + 1, header.join(",").length + 1),
    header,
    lines,
  });
  const golfHeader = [
    "first_name",
    "last_name",
    "dob",
    "company_id",
    "last_active",
    "score",
    "member_since",
    "state",
  ];
  const softballHeader = [
    "name",
    "date_of_birth",
    "company_id",
    "last_active",
    "score",
    "joined_league",
    "us_state",
  ];
  return {
    rows: [...golf, ...softball],
    files: [
      file(
        firstFileId,
        "unity_golf_club.csv",
        "Unity Golf Club",
        "members",
        golfHeader,
        golf.map((r) => r.raw),
      ),
      file(
        firstFileId + 1,
        "us_softball_league.tsv",
        "US Softball League",
        "members",
        softballHeader,
        softball.map((r) => r.raw),
      ),
      file(
        firstFileId + 2,
        "companies.csv",
        "Companies",
        "companies",
        ["id", "name"],
        COMPANIES.map((name, i) => [String(i), name]),
      ),
    ],
  };
}
