import type { MemberScores, ScoreRow } from "../../api";
import { moment } from "../../components/format";
import classes from "./Members.module.css";

const WIDTH = 560;
const HEIGHT = 190;
const PAD = 12;

/** A line: its name, and from when on which score holds. */
export type Line = { name: string; points: { from: string; score: number | null }[]; combined: boolean };

/** A line for each membership, and one for all of them together. Unified scores, or the clubs' own where there are none. */
export function linesOf({ clubs, combined }: MemberScores): Line[] {
  const unified = clubs.some(({ rows }) => rows.some((row) => row.unified_score !== null));
  const value = (row: ScoreRow) => (unified ? row.unified_score : row.score);
  const lines: Line[] = clubs.map(({ club, rows }) => ({
    name: club,
    points: rows.map((row) => ({ from: row.valid_from, score: value(row) })),
    combined: false,
  }));
  if (combined.length > 0)
    lines.push({
      name: "All clubs together",
      points: combined.map(({ valid_from, score }) => ({ from: valid_from, score })),
      combined: true,
    });
  return lines;
}

type Scale = { x: (at: number) => number; y: (score: number) => number };

/** Steps: a score holds until the next one comes. A gap where there is none. */
function pathOf({ points }: Line, { x, y }: Scale, end: number): string {
  const parts: string[] = [];
  let drawn = false;
  points.forEach(({ from, score }, index) => {
    const until = points[index + 1]?.from;
    if (score === null) {
      drawn = false;
      return;
    }
    parts.push(
      `${drawn ? "V" : `M${x(Date.parse(from))} `}${y(score)}H${x(until ? Date.parse(until) : end)}`,
    );
    drawn = true;
  });
  return parts.join("");
}

/** How a member's scores went, drawn as steps; the table beside it has the same in figures. */
export function ScoreChart({ scores }: { scores: MemberScores }) {
  const lines = linesOf(scores);
  const times = lines.flatMap(({ points }) => points.map(({ from }) => Date.parse(from)));
  const values = lines.flatMap(({ points }) => points.flatMap(({ score }) => score ?? []));
  if (values.length === 0) return null;
  const start = Math.min(...times);
  const last = Math.max(...times);
  // What holds now is drawn a tenth beyond the last change.
  const end = last + Math.max((last - start) / 10, 1000);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const scale: Scale = {
    x: (at) => PAD + ((at - start) / (end - start)) * (WIDTH - 2 * PAD),
    // Scores that are all the same lie in the middle.
    y: (score) => HEIGHT - PAD - (low === high ? 0.5 : (score - low) / (high - low)) * (HEIGHT - 2 * PAD),
  };
  const said = lines
    .map(({ name, points }) => `${name}: ${points.map(({ score }) => shown(score)).join(", then ")}`)
    .join("; ");
  return (
    <figure className={classes.chart} data-testid="score-chart">
      <div className={classes.chartBody}>
        <div className={classes.axis} data-flat={low === high || undefined} aria-hidden="true">
          <span>{shown(high)}</span>
          {low !== high && <span>{shown(low)}</span>}
        </div>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          role="img"
          aria-label={`Scores from ${moment(new Date(start).toISOString())} on. ${said}`}
        >
          {lines.map((line, index) => (
            <path
              key={`${line.name}-${index.toString()}`}
              d={pathOf(line, scale, end)}
              data-line={line.combined ? "combined" : index % 4}
            />
          ))}
        </svg>
      </div>
      <div className={classes.ends} aria-hidden="true">
        <span>{moment(new Date(start).toISOString())}</span>
        <span>now</span>
      </div>
      <figcaption>
        <ul className={classes.legend}>
          {lines.map((line, index) => (
            <li key={`${line.name}-${index.toString()}`}>
              <i data-line={line.combined ? "combined" : index % 4} aria-hidden="true" />
              {line.name}
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}

/** 12.345 → "12.35" */
export function shown(score: number | null): string {
  return score === null ? "none" : String(Number(score.toFixed(2))).replace("-", "−");
}
