import { Text } from "@mantine/core";
import type { CSSProperties } from "react";
import type { EvidenceView, PairView, Thresholds } from "../../api";
import { Private } from "../../components/privacy";
import { bitsOf, type Scale, scaleOf, signed } from "./scale";
import classes from "./Why.module.css";
import { likely } from "./words";

/** The part of a bar that comes from the value being rare or frequent. */
function frequencyOf({ bits, by_frequency }: EvidenceView): string | null {
  if (Math.abs(by_frequency) < 0.05 || bits === 0) return null;
  return `${signed(by_frequency)} since the value is ${by_frequency > 0 ? "rare" : "frequent"}`;
}

function Bar({ bar, scale }: { bar: EvidenceView; scale: Scale }) {
  const from = bar.sum - bar.bits;
  const left = scale.at(Math.min(from, bar.sum));
  const width = scale.at(Math.max(from, bar.sum)) - left;
  // Hatched where the value's frequency made it: the last part of the bar, if it points the same way.
  const along = bar.by_frequency * bar.bits > 0 ? Math.min(1, Math.abs(bar.by_frequency / bar.bits)) : 0;
  return (
    <span
      className={classes.bar}
      data-sign={bar.bits < 0 ? "down" : "up"}
      style={{ left: `${left}%`, width: `${width}%`, "--along": `${along * 100}%` } as CSSProperties}
    />
  );
}

function Lines({ scale, thresholds }: { scale: Scale; thresholds: Thresholds }) {
  return (
    <>
      <i className={classes.zero} style={{ left: `${scale.at(0)}%` }} />
      {[thresholds.review, thresholds.merge].map((threshold) => (
        <i
          key={threshold}
          className={classes.threshold}
          style={{ left: `${scale.at(bitsOf(threshold))}%` }}
        />
      ))}
    </>
  );
}

function Values({ bar }: { bar: EvidenceView }) {
  if (bar.a === null && bar.b === null) return null;
  const value = (text: string | null) =>
    text === null ? (
      <span className={classes.blank}>missing</span>
    ) : (
      <Private value={text} field={bar.field} />
    );
  return (
    <span className={classes.values}>
      {value(bar.a)} <span className={classes.to}>|</span> {value(bar.b)}
    </span>
  );
}

/** What each field says about a pair, in bits, from the start to the probability: a table whose bars are a picture of it. */
export function Waterfall({ pair, thresholds }: { pair: PairView; thresholds: Thresholds }) {
  if (pair.evidence.length === 0) {
    return (
      <Text size="sm" c="dimmed" data-testid="no-evidence">
        {pair.same_key ? "The two have one key, so nothing was compared." : "Nothing was compared."}
      </Text>
    );
  }
  const scale = scaleOf(pair.evidence, thresholds);
  const total = pair.evidence.at(-1)?.sum ?? 0;
  return (
    <table className={classes.table} aria-label="Evidence, field by field" data-testid="waterfall">
      <thead>
        <tr>
          <th scope="col">Evidence</th>
          <th scope="col" className={classes.chartHead}>
            <span className={classes.legend} aria-hidden="true">
              <span style={{ left: `${scale.at(bitsOf(thresholds.review))}%` }}>ask</span>
              <span style={{ left: `${scale.at(bitsOf(thresholds.merge))}%` }}>merge</span>
            </span>
            <span className="visually-hidden">Bar</span>
          </th>
          <th scope="col" className={classes.number}>
            Bits
          </th>
          <th scope="col" className={classes.number}>
            One person
          </th>
        </tr>
      </thead>
      <tbody>
        {pair.evidence.map((bar) => {
          const frequency = frequencyOf(bar);
          return (
            <tr key={bar.label}>
              <th scope="row">
                {bar.label}: <span className={classes.words}>{bar.words}</span>
                <Values bar={bar} />
              </th>
              <td className={classes.chart} aria-hidden="true">
                <Lines scale={scale} thresholds={thresholds} />
                <Bar bar={bar} scale={scale} />
              </td>
              <td className={classes.number}>
                {signed(bar.bits)}
                {frequency && <span className={classes.frequency}>{frequency}</span>}
              </td>
              <td className={classes.number}>{likely(1 / (1 + 2 ** -bar.sum))}</td>
            </tr>
          );
        })}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">All together</th>
          <td className={classes.chart} aria-hidden="true">
            <Lines scale={scale} thresholds={thresholds} />
          </td>
          <td className={classes.number}>{signed(total)}</td>
          <td className={classes.number}>{likely(pair.probability)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
