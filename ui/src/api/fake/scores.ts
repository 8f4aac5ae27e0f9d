import type {
  ClubComparison,
  Distribution,
  Formula,
  MemberScores,
  Move,
  ScoreMove,
  ScoreSettings,
  ScoresPreview,
  ScoresView,
} from "../bindings";
import type { FakeImport } from "./import";

export const FORMULAS = [
  { method: "z_score", formula: "common mean + common spread × (score − club mean) ÷ club spread" },
  {
    method: "percentile_rank",
    formula: "lowest + (highest − lowest) × (scores below + ½ × equal scores) ÷ scores of the club",
  },
  {
    method: "min_max",
    formula: "lowest + (highest − lowest) × (score − club's least) ÷ (club's greatest − club's least)",
  },
];

/** What a new import starts with. */
export const NO_SCORES: ScoresView = {
  unify: false,
  settings: { method: { method: "z_score", mean: 50, spread: 15 }, decay: null, weights: {} },
  formulas: FORMULAS,
};

type Membership = { name: string; club: string; score: number };

function membershipsOf(found: FakeImport): Membership[] {
  return found
    .derived()
    .filter((row) => row.class === "clean" && row.cells.score !== null)
    .map(({ source, cells }) => ({
      name: `${cells.given_name ?? ""} ${cells.family_name ?? ""}`.trim(),
      club: source.source,
      score: Number(cells.score),
    }));
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values: number[]) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));

/** What a method makes of a score among those of its club. */
function unified(settings: ScoreSettings, scores: number[], score: number): number {
  const method = settings.method ?? { method: "z_score" as const };
  if (method.method === "z_score")
    return (method.mean ?? 50) + ((method.spread ?? 15) * (score - mean(scores))) / spread(scores);
  const [low, high] = [method.low ?? 0, method.high ?? 100];
  const [least, most] = [Math.min(...scores), Math.max(...scores)];
  const below = scores.filter((other) => other < score).length;
  const equal = scores.filter((other) => other === score).length;
  const share =
    method.method === "min_max" ? (score - least) / (most - least) : (below + equal / 2) / scores.length;
  return low + (high - low) * share;
}

function distribution(scores: number[], [from, to]: [number, number]): Distribution {
  const sorted = [...scores].sort((a, b) => a - b);
  const bins = Array.from({ length: 24 }, (_, index) => ({
    from: from + ((to - from) * index) / 24,
    to: from + ((to - from) * (index + 1)) / 24,
    count: 0,
  }));
  for (const score of scores) {
    const bin = bins[Math.min(23, Math.floor(((score - from) / (to - from)) * 24))];
    if (bin) bin.count += 1;
  }
  const quantiles = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1].map((share) => ({
    share,
    value: sorted[Math.round(share * (sorted.length - 1))] ?? 0,
  }));
  return { count: scores.length, missing: 0, mean: mean(scores), spread: spread(scores), quantiles, bins };
}

const range = (scores: number[]): [number, number] => [Math.min(...scores), Math.max(...scores)];

function formula(result: number, score: number): Formula {
  const rounded = String(Number(result.toFixed(4)));
  return {
    text: `50 + 15 × (${score} − 70) ÷ 10 = ${rounded}`,
    sentence: `A score of ${score} becomes ${rounded}.`,
    parts: [{ name: "score", value: score }],
    result,
  };
}

function ranksOf(scores: number[]): number[] {
  const sorted = [...scores].sort((a, b) => b - a);
  return scores.map((score) => sorted.indexOf(score) + 1);
}

/** Every member is in one club here, and the database has no unified scores. */
export function previewScores(found: FakeImport, settings: ScoreSettings): ScoresPreview {
  const all = membershipsOf(found);
  const byClub = new Map<string, number[]>();
  for (const { club, score } of all) byClub.set(club, [...(byClub.get(club) ?? []), score]);
  const after = all.map(({ club, score }) => unified(settings, byClub.get(club) ?? [], score));
  const clubs: ClubComparison[] = [...byClub].sort().map(([club, scores]) => ({
    club,
    before: distribution(scores, range(scores)),
    after: distribution(
      after.filter((_, index) => all[index]?.club === club),
      range(after),
    ),
  }));
  const [before, now] = [ranksOf(all.map(({ score }) => score)), ranksOf(after)];
  const moves: ScoreMove[] = all.map(({ name, club, score }, member) => {
    const [rankBefore, rankAfter] = [before[member] ?? 0, now[member] ?? 0];
    const result = after[member] ?? 0;
    const movement: Move = {
      member,
      before: score,
      after: result,
      delta: result - score,
      rank_before: rankBefore,
      rank_after: rankAfter,
      gained: rankBefore - rankAfter,
    };
    return {
      member: null,
      name,
      clubs: [club],
      movement,
      formulas: [{ club, formula: formula(result, score) }],
      combined: null,
    };
  });
  const gained = (move: ScoreMove) => move.movement.gained ?? 0;
  return {
    compared: "own",
    counts: { memberships: all.length, scored: all.length, changed: all.length, history: all.length },
    refused: 0,
    clubs,
    formulas: clubs.map(({ club }) => ({ club, formula: formula(62, 78) })),
    moved: {
      members: all.length,
      changed: all.length,
      up: moves.filter((move) => gained(move) > 0).length,
      down: moves.filter((move) => gained(move) < 0).length,
      appeared: 0,
      vanished: 0,
      mean_delta: mean(moves.map(({ movement }) => Math.abs(movement.delta ?? 0))),
      largest_delta: Math.max(...moves.map(({ movement }) => Math.abs(movement.delta ?? 0))),
      moves: [],
    },
    moves: moves.sort((a, b) => Math.abs(gained(b)) - Math.abs(gained(a))).slice(0, 50),
    version: `${(settings.method?.method ?? "z_score").replaceAll("_", "-")}/1:${"616224fc".repeat(4)}`,
    as_of: "2026-11-01",
  };
}

const VERSION = `z-score/1:${"616224fc".repeat(4)}`;

/** Member 1 is in two clubs and has a history; nobody else has one. */
export function memberScoresOf(id: number): MemberScores {
  if (id !== 1) return { clubs: [], combined: [], weights: [], formula: null };
  const row = (from: string, to: string | null, score: number, unified_score: number) => ({
    valid_from: from,
    valid_to: to,
    score,
    unified_score,
    last_active: "2026-08-01",
    method_version: VERSION,
  });
  const [june, september, november] = [
    "2026-06-01T08:00:00Z",
    "2026-09-01T08:00:00Z",
    "2026-11-01T08:00:00Z",
  ];
  return {
    clubs: [
      {
        membership: 1,
        club: "Unity Golf Club",
        rows: [row(june, november, 60, 48.5), row(november, null, 72, 55.25)],
      },
      { membership: 71, club: "US Softball League", rows: [row(september, null, 3.5, 61)] },
    ],
    combined: [
      { valid_from: june, score: 48.5 },
      { valid_from: september, score: 52.6667 },
      { valid_from: november, score: 57.1667 },
    ],
    weights: [
      { club: "Unity Golf Club", weight: 2 },
      { club: "US Softball League", weight: 1 },
    ],
    formula: {
      text: "(2 × 55.25 + 1 × 61) ÷ (2 + 1) = 57.1667",
      sentence:
        "The weighted mean of the scores in Unity Golf Club (weight 2), US Softball League (weight 1).",
      parts: [],
      result: 57.1667,
    },
  };
}
