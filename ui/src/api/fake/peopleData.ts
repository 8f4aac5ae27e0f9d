import type { EvidenceView, Field, PairView } from "../bindings";
import { COMPANIES, FIELDS, random } from "./data";

export const CLUBS = ["Unity Golf Club", "US Softball League"] as const;
const FILES = ["unity_golf_club.csv", "us_softball_league.tsv"] as const;

/** A record of a group, as the lists or the database have it. */
export type FakeRecord = {
  record: number;
  club: string;
  key: string;
  file: string;
  line: number;
  row: number | null;
  member: number | null;
  values: Partial<Record<Field, string>>;
};

/** Records that are, or may be, one person. */
export type FakeGroup = {
  group: number;
  records: FakeRecord[];
  /** what matching, or an earlier decision, made of it */
  base: "compared" | "same_key" | "changed";
  pairs: PairView[];
};

type Values = FakeRecord["values"];
type Spec = { base?: FakeGroup["base"]; records: (Values & { club?: number; member?: number })[] };

const common = (given: string, family: string, born: string, more: Values = {}): Values => ({
  given_name: given,
  family_name: family,
  birth_date: born,
  ...more,
});

/** What the rules of matching find: one group for each thing that a person meets. */
const SPECS: Spec[] = [
  pair(common("Robert", "Holmes", "1971-03-14", { state: "IL" }), { given_name: "Bob" }),
  pair(common("Maria", "de la Cruz", "1984-05-06", { company: "Keller Group" }), {
    birth_date: "1984-06-05",
    company: "Bell Partners",
  }),
  pair(common("Brittany", "Norris", "1990-11-02", { email: "b.norris@example.org" }), {
    family_name: "Nichols",
  }),
  pair(common("Andre", "Mclaughlin", "1966-01-30", { phone: "+1 312 555 0143" }), {
    birth_date: "1966-01-20",
  }),
  {
    records: [
      { ...common("Thomas", "Brennan", "1959-08-21", { state: "OH", company: "Hart and Sons" }), club: 0 },
      { ...common("Tom", "Brennan", "1959-08-21", { state: "OH", company: "Hart and Sons" }), club: 1 },
      { ...common("Thomas", "Brennan", "1959-08-20", { state: "OH", suffix: "Jr." }), club: 1 },
    ],
  },
  pair(common("Noor", "Ito", "1993-12-12"), { middle_name: "A." }),
  pair(common("Zoë", "O'Hara", "1979-04-04", { state: "OR" }), { given_name: "Zoe", state: "WY" }),
  pair(common("Corey", "Jones", "1982-10-19", { company: "Osborne Ltd" }), {
    given_name: "C.",
    company: "Rivera-Lowe",
  }),
  pair(common("Sharon", "Nguyen", "1975-07-07"), { birth_date: "1985-07-07" }),
  pair(common("Lucía", "Brennan", "1968-09-23", { state: "NM" }), { given_name: "Lucia" }),
  pair(common("Grace", "Hart", "1977-02-28", { email: "grace@example.com" }), {
    given_name: "Gracie",
    email: "g.hart@example.org",
  }),
  pair(common("Omar", "Silva", "1991-06-17", { state: "TX" }), { family_name: "da Silva" }),
  pair(common("Ines", "Roberts", "1963-03-03", { company: "Keller Group" }), { birth_date: "1963-08-03" }),
  pair(common("Noah", "Lee", "1988-08-08"), { middle_name: "James" }),
  {
    records: [
      { ...common("Kelly", "Nguyen", "1970-10-11", { company: "Keller Group", state: "IL" }), club: 0 },
      { ...common("Kelly", "Nguyen", "1970-10-11", { company: "Nguyen Logistics", state: "WI" }), club: 0 },
    ],
    base: "same_key",
  },
  {
    records: [
      { ...common("Mikayla", "Ito", "1995-01-09", { company: "Bell Partners", state: "MD" }), club: 0 },
      {
        ...common("Mikayla", "Ito", "1995-01-09", { company: "Osborne Ltd", state: "MD" }),
        club: 1,
        member: 12,
      },
    ],
    base: "same_key",
  },
  {
    records: [
      { ...common("Ann", "Lee", "1980-05-01", { company: "Hart and Sons" }), club: 0 },
      { ...common("Anne", "Lee", "1980-05-01", { company: "Hart and Sons" }), club: 1 },
    ],
    base: "changed",
  },
];

function pair(first: Values, second: Values): Spec {
  return {
    records: [
      { ...first, club: 0 },
      { ...first, ...second, club: 1 },
    ],
  };
}

/** People whom matching finds by itself. */
function found(count: number): Spec[] {
  const next = random(23);
  const given = ["Sofia", "Henry", "Amara", "Victor", "Ruth", "Daniel", "Priya", "Jonas"];
  const family = ["Alvarez", "Becker", "Chen", "Dubois", "Ekström", "Farah", "Garcia", "Huang"];
  return Array.from({ length: count }, (_, at) => {
    const born = `${1950 + next(45)}-0${1 + next(9)}-1${next(9)}`;
    const values = common(given[at % 8] ?? "", family[(at * 3 + next(8)) % 8] ?? "", born, {
      company: COMPANIES[next(COMPANIES.length)] ?? "",
      email: `member${at}@example.org`,
    });
    return {
      records: [
        { ...values, club: 0 },
        { ...values, club: 1 },
      ],
    };
  });
}

/** The groups of an import, the same every time. */
export function makeGroups(): FakeGroup[] {
  let number = 0;
  const next = random(5);
  return [...SPECS, ...found(24)].map((spec, at) => {
    const records = spec.records.map(({ club = 0, member, ...values }) => {
      number += 1;
      const fromList = member === undefined;
      return {
        record: number,
        club: CLUBS[club] ?? CLUBS[0],
        key: `${club === 0 ? "G" : "S"}-${1000 + number}`,
        file: fromList ? (FILES[club] ?? FILES[0]) : "",
        line: fromList ? 2 + number * 3 : 0,
        row: fromList ? number : null,
        member: member ?? null,
        values: {
          ...values,
          member_since: String(2000 + next(18)),
          last_active: `2018-0${1 + next(9)}-1${next(9)}`,
          score: String(30 + next(70)),
        },
      };
    });
    const base = spec.base ?? "compared";
    return { group: at + 1, records, base, pairs: pairsOf(records, base === "same_key") };
  });
}

/** All values of a record, in the order of the fields. */
export function cellsOf(record: FakeRecord): (string | null)[] {
  return FIELDS.map((field) => record.values[field] ?? (field === "source_key" ? record.key : null));
}

/** "Ann M. Lee" */
export function nameOf({ values }: FakeRecord): string {
  return [values.given_name, values.middle_name, values.family_name, values.suffix].filter(Boolean).join(" ");
}

type Weight = { field: Field; label: string; same: number; near: number; apart: number };
const WEIGHTS: Weight[] = [
  { field: "given_name", label: "Given name", same: 5.8, near: 3.1, apart: -4.2 },
  { field: "middle_name", label: "Middle name", same: 4.2, near: 1.4, apart: -2.5 },
  { field: "family_name", label: "Family name", same: 8.4, near: 4.6, apart: -3.6 },
  { field: "birth_date", label: "Birth date", same: 11.6, near: 8.5, apart: -7.1 },
  { field: "company", label: "Company", same: 2.2, near: 0.8, apart: -0.9 },
  { field: "state", label: "State", same: 1.7, near: 0, apart: -1.3 },
  { field: "email", label: "Email", same: 9.5, near: 4, apart: -1.5 },
  { field: "phone", label: "Phone", same: 4, near: 3, apart: -1 },
];
const NICKNAMES = [
  ["Robert", "Bob"],
  ["Thomas", "Tom"],
  ["Grace", "Gracie"],
  ["Ann", "Anne"],
  ["Zoë", "Zoe"],
  ["Lucía", "Lucia"],
];

function compareValues(weight: Weight, a: string | null, b: string | null) {
  if (a === null || b === null)
    return { words: a === b ? "missing on both sides" : "missing on one side", bits: 0 };
  if (a === b) return { words: "exactly the same", bits: weight.same };
  if (weight.field === "given_name" && NICKNAMES.some((names) => names.includes(a) && names.includes(b)))
    return { words: "nickname or spelling", bits: weight.near };
  if (weight.field === "given_name" && b.endsWith(".") && a.startsWith(b.slice(0, -1)))
    return { words: "initial", bits: weight.near };
  if (weight.field === "family_name" && (a.endsWith(b) || b.endsWith(a)))
    return { words: "one holds the other", bits: weight.near };
  if (weight.field === "birth_date") {
    const [year, month, day] = a.split("-");
    if (b === `${year}-${day}-${month}`) return { words: "day and month swapped", bits: weight.near };
    if ([...a].filter((letter, at) => letter !== b[at]).length === 1)
      return { words: "one digit differs", bits: weight.near - 1 };
  }
  return { words: "different", bits: weight.apart };
}

/** Probability of so many bits. */
export const probabilityOf = (bits: number) => 1 / (1 + 2 ** -bits);

function evidenceOf(first: FakeRecord, second: FakeRecord): EvidenceView[] {
  let sum = 0;
  const add = (bar: Omit<EvidenceView, "sum">): EvidenceView => {
    sum += bar.bits;
    return { ...bar, sum };
  };
  const none = { field: null, a: null, b: null, by_frequency: 0 };
  const bars = [add({ ...none, label: "Before looking", words: "two records taken at random", bits: -19.5 })];
  for (const weight of WEIGHTS) {
    const a = first.values[weight.field] ?? null;
    const b = second.values[weight.field] ?? null;
    if (a === null && b === null) continue;
    const { words, bits } = compareValues(weight, a, b);
    const rare = weight.field === "family_name" && bits > 0 ? (((a ?? "").length % 5) - 2) / 2 : 0;
    bars.push(
      add({ field: weight.field, label: weight.label, words, a, b, bits: bits + rare, by_frequency: rare }),
    );
  }
  const words = "people of one family agree on much of this too";
  bars.push(add({ ...none, label: "Relatives", words, bits: -1.1 }));
  return bars;
}

function sentenceOf(evidence: EvidenceView[], probability: number): string {
  const told = evidence.filter(({ field }) => field !== null);
  const same = told
    .filter(({ words }) => words === "exactly the same")
    .map(({ label }) => label.toLowerCase());
  const other = told
    .filter(({ words }) => words !== "exactly the same" && !words.startsWith("missing"))
    .map(({ label, words }) => `${label.toLowerCase()}: ${words}`);
  const clauses = [same.length > 0 ? `Same ${same.join(", ")}` : "", ...other].filter(Boolean).join("; ");
  const sure = probability > 0.9999 ? "More than 99.99 %" : `${(probability * 100).toFixed(1)} %`;
  return `${clauses}. ${sure} sure that they are one person.`;
}

function pairsOf(records: FakeRecord[], sameKey: boolean): PairView[] {
  const pairs: PairView[] = [];
  for (const [at, a] of records.entries()) {
    for (const b of records.slice(at + 1)) {
      const evidence = sameKey ? [] : evidenceOf(a, b);
      const probability = sameKey ? 1 : probabilityOf(evidence.at(-1)?.sum ?? 0);
      const sentence = sameKey
        ? "One membership: the club lists them under one member number."
        : sentenceOf(evidence, probability);
      pairs.push({
        a: a.record,
        b: b.record,
        probability,
        sentence,
        evidence,
        same_key: sameKey,
        decision: null,
      });
    }
  }
  return pairs.sort((one, other) => other.probability - one.probability);
}
