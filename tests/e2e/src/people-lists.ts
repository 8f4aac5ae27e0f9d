// Two clubs' lists with people who are in both, written with slips whose kind is known: made for the story, the same every time.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Person = { given: string; family: string; born: string; company: string; state: string; email: string };
/** A person of both clubs, as each of them writes them. */
export type Double = { golf: Person; softball: Person; slip: Slip };
export type Slip = "nickname" | "swapped" | "digit" | "letter" | "married" | "company" | "none";

const GIVEN = [
  ["Robert", "Bob"], ["William", "Bill"], ["Margaret", "Peggy"], ["Elizabeth", "Liz"], ["Richard", "Dick"],
  ["Katherine", "Kate"], ["Thomas", "Tom"], ["Patricia", "Pat"], ["Edward", "Ted"], ["Susan", "Sue"],
] as const;
const FAMILY = [
  "Abernathy", "Brandvold", "Castellano", "Delacroix", "Eisenhauer", "Featherstone", "Grzybowski", "Holmqvist",
  "Ivanovich", "Jankowski", "Kettering", "Lindqvist", "Montague", "Nakagawa", "Oberholzer", "Pellegrini",
  "Quartermain", "Rasmussen", "Szczepanski", "Thorvaldsen", "Underhill", "Vandermeer", "Wojciechowski", "Yarborough",
];
const COMPANIES = ["Acme", "Globex", "Initech", "Umbrella", "Hooli", "Soylent"];
const STATES = ["TX", "OH", "UT", "IA", "ME", "OR"];
const SLIPS: Slip[] = ["nickname", "swapped", "digit", "letter", "married", "company"];

const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
const two = (number: number) => String(number).padStart(2, "0");

/** A small seeded generator, so that the lists are the same every time. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Birth dates are all different; day and month differ, and each could be either. */
function person(index: number, next: (below: number) => number): Person {
  const [month, shift] = [1 + next(12), 1 + next(11)];
  return {
    given: at(GIVEN, index)[0],
    family: at(FAMILY, next(FAMILY.length)),
    born: `${1930 + (index % 70)}-${two(month)}-${two(((month + shift - 1) % 12) + 1)}`,
    company: at(COMPANIES, next(COMPANIES.length)),
    state: at(STATES, next(STATES.length)),
    email: "",
  };
}

function slipped(one: Person, index: number, slip: Slip): Person {
  const [year = "", month = "", day = ""] = one.born.split("-");
  switch (slip) {
    case "nickname":
      return { ...one, given: at(GIVEN, index)[1], company: "", state: "" };
    case "swapped":
      return { ...one, born: `${year}-${day}-${month}`, company: "" };
    case "digit":
      return { ...one, born: `${year.slice(0, 3)}${(Number(year[3]) + 3) % 10}-${month}-${day}`, company: "", state: "" };
    case "letter":
      return { ...one, family: `${one.family.slice(0, 3)}${one.family.slice(4)}`, company: "", state: "" };
    case "married":
      return { ...one, family: at(FAMILY, FAMILY.indexOf(one.family) + 7), company: "" };
    case "company":
      return { ...one, given: at(GIVEN, index)[1], company: at(COMPANIES, COMPANIES.indexOf(one.company) + 1) };
    case "none":
      return one;
  }
}

/** Writes both lists into a folder; gives their paths, and who is in both. */
export function writeLists(folder: string, doubles: number, singles: number): { files: string[]; doubles: Double[] } {
  mkdirSync(folder, { recursive: true });
  const next = random(17);
  const both = Array.from({ length: doubles }, (_, index): Double => {
    const slip = at(SLIPS, index);
    const golf = person(index, next);
    return { golf, softball: slipped(golf, index, slip), slip };
  });
  const alone = (from: number) => Array.from({ length: singles }, (_, index) => person(from + index, next));
  const lists: [string, string, Person[]][] = [
    ["unity_golf_club.csv", "G", [...both.map(({ golf }) => golf), ...alone(doubles)]],
    ["us_softball_league.csv", "S", [...both.map(({ softball }) => softball), ...alone(doubles + singles)]],
  ];
  const files = lists.map(([name, letter, people]) => {
    const lines = people.map((one, index) =>
      [`${letter}${index + 1}`, one.given, one.family, one.born, one.company, one.state, "2010", "2018-06-01", "50"].join(","),
    );
    const header = "member_number,first_name,last_name,date_of_birth,company,state,member_since,last_active,score";
    const path = join(folder, name);
    writeFileSync(path, `${header}\n${lines.join("\n")}\n`);
    return path;
  });
  return { files, doubles: both };
}
