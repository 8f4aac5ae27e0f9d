import { Paper, SegmentedControl, Table, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { ClubComparison, Distribution } from "../../api";
import { count } from "../../components/format";
import { ScrollRegion } from "../../components/ScrollRegion";
import classes from "./Scores.module.css";
import { score } from "./settings";

const WIDTH = 280;
const HEIGHT = 90;

/** The quantile of a share, as a score. */
const quantile = ({ quantiles }: Distribution, share: number) =>
  quantiles.find((one) => one.share === share)?.value ?? null;

function described(of: Distribution): string {
  if (of.count === 0) return "no scores";
  return `${count(of.count)} scores from ${score(quantile(of, 0))} to ${score(quantile(of, 1))}, mean ${score(of.mean)}, spread ${score(of.spread)}`;
}

function Histogram({ of, label }: { of: Distribution; label: string }) {
  const most = Math.max(1, ...of.bins.map((bin) => bin.count));
  const width = WIDTH / Math.max(1, of.bins.length);
  const first = of.bins.at(0);
  const last = of.bins.at(-1);
  return (
    <figure className={classes.histogram}>
      <figcaption>{label}</figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        // As wide as the figures below it that say where it begins and ends.
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}: ${described(of)}`}
      >
        {of.bins.map((bin, index) => {
          const height = (bin.count / most) * HEIGHT;
          return (
            <rect
              key={bin.from}
              x={index * width + 0.5}
              y={HEIGHT - height}
              width={Math.max(1, width - 1)}
              height={height}
            />
          );
        })}
        <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      </svg>
      <div className={classes.ends} aria-hidden="true">
        <span>{first ? score(first.from) : ""}</span>
        <span>{last ? score(last.to) : ""}</span>
      </div>
    </figure>
  );
}

function Charts({ clubs }: { clubs: ClubComparison[] }) {
  return (
    <ul className={classes.clubs}>
      {clubs.map((club) => (
        <li key={club.club}>
          <Text fw={600}>{club.club}</Text>
          <div className={classes.pair}>
            <Histogram of={club.before} label="Own scores" />
            <Histogram of={club.after} label="On the common scale" />
          </div>
        </li>
      ))}
    </ul>
  );
}

const COLUMNS: [string, (of: Distribution) => string][] = [
  ["Scores", (of) => count(of.count)],
  ["None", (of) => count(of.missing)],
  ["Mean", (of) => score(of.mean)],
  ["Spread", (of) => score(of.spread)],
  ["Least", (of) => score(quantile(of, 0))],
  ["Median", (of) => score(quantile(of, 0.5))],
  ["Greatest", (of) => score(quantile(of, 1))],
];

function Figures({ clubs }: { clubs: ClubComparison[] }) {
  return (
    <ScrollRegion label="Distributions in figures" className={classes.scroll}>
      <Table aria-label="Distributions of the clubs' scores" data-testid="score-figures">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Club</Table.Th>
            <Table.Th scope="col">Scale</Table.Th>
            {COLUMNS.map(([label]) => (
              <Table.Th key={label} scope="col" className={classes.number}>
                {label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {clubs.flatMap((club) =>
            (["before", "after"] as const).map((when) => (
              <Table.Tr key={`${club.club}-${when}`}>
                <Table.Th scope="row">{club.club}</Table.Th>
                <Table.Td>{when === "before" ? "own" : "common"}</Table.Td>
                {COLUMNS.map(([label, value]) => (
                  <Table.Td key={label} className={classes.number}>
                    {value(club[when])}
                  </Table.Td>
                ))}
              </Table.Tr>
            )),
          )}
        </Table.Tbody>
      </Table>
    </ScrollRegion>
  );
}

/** How each club's scores are spread, on its own scale and on the common one. */
export function Distributions({ clubs }: { clubs: ClubComparison[] }) {
  const [shown, setShown] = useState("chart");
  return (
    <Paper withBorder p="md" component="section" aria-label="Distributions">
      <div className={classes.head}>
        <Title order={2} fz={17}>
          How the clubs’ scores are spread
        </Title>
        <SegmentedControl
          aria-label="Show distributions as"
          size="xs"
          value={shown}
          onChange={setShown}
          data={[
            { value: "chart", label: "Chart" },
            { value: "table", label: "Table" },
          ]}
          data-testid="score-spread-as"
        />
      </div>
      {shown === "chart" ? <Charts clubs={clubs} /> : <Figures clubs={clubs} />}
    </Paper>
  );
}
