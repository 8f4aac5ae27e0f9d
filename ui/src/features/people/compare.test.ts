import { describe, expect, it } from "vitest";
import type { GroupRecord, PairView } from "../../api";
import { weakestLink } from "./compare";

const records = (numbers: number[]) =>
  numbers.map(
    (record): GroupRecord => ({
      record,
      person: record,
      club: "Unity Golf Club",
      key: String(record),
      clubs: ["Unity Golf Club"],
      file: "unity_golf_club.csv",
      line: record,
      row: record,
      member: null,
      cells: [],
    }),
  );
const pair = (a: number, b: number, probability: number): PairView => ({
  a,
  b,
  probability,
  sentence: "",
  evidence: [],
  same_key: false,
  decision: null,
});

describe("the weakest link", () => {
  it("is the least likely of the pairs that hold the records together, not of all pairs", () => {
    // 1 and 2 are close, 3 is close to 2 alone: that 1 and 3 differ does not matter.
    const pairs = [pair(1, 2, 0.98), pair(2, 3, 0.9), pair(1, 3, 0.04)];
    expect(weakestLink({ records: records([1, 2, 3]), pairs })).toBe(pairs[1]);
  });

  it("of two records is their pair; without pairs there is none", () => {
    const only = pair(1, 2, 0.5);
    expect(weakestLink({ records: records([1, 2]), pairs: [only] })).toBe(only);
    expect(weakestLink({ records: records([1, 2]), pairs: [] })).toBeNull();
  });
});
