import { describe, expect, it } from "vitest";
import { barsOf, isDay, longestOf, topOf } from "./groups";

const group = (name: string | null, members: number) => ({ name, members });
const short = (bars: ReturnType<typeof barsOf>) => bars.map(({ label, members }) => `${label} ${members}`);

describe("the bars of a chart", () => {
  const groups = [group("A", 5), group("B", 4), group("C", 3), group("D", 2), group(null, 9)];

  it("puts what is beyond the first ones together, and those not known last", () => {
    expect(short(topOf(groups, 2))).toEqual(["A 5", "B 4", "2 others 5", "Not known 9"]);
  });

  it("does not put a single one together", () => {
    expect(short(topOf(groups, 3))).toEqual(["A 5", "B 4", "C 3", "D 2", "Not known 9"]);
  });

  it("measures them by the largest group, however many the others are together", () => {
    expect(
      longestOf(topOf([group("A", 5), ...groups.map(({ members }) => group(`x${members}`, members))], 1)),
    ).toBe(5);
    expect(longestOf([])).toBe(1);
  });

  it("counts what the backend left out with the others", () => {
    const more = { groups: 1_000, members: 1_200 };
    expect(short(topOf(groups, 2, more))).toEqual(["A 5", "B 4", "1,002 others 1205", "Not known 9"]);
    expect(short(barsOf(groups, more)).slice(-2)).toEqual(["1,000 others 1200", "Not known 9"]);
  });
});

describe("a day", () => {
  it.each([
    ["2026-11-25", true],
    ["2026-02-30", false],
    ["2026-11", false],
    ["25.11.2026", false],
  ])("%s: %s", (text, is) => expect(isDay(text)).toBe(is));
});
