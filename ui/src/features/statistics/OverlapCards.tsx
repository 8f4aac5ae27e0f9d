import { Table, Text } from "@mantine/core";
import type { Combination, LeftOut, Overlap, Statistics } from "../../api";
import { count, percent, plural } from "../../components/format";
import { ScrollRegion } from "../../components/ScrollRegion";
import { Bars, GroupTable } from "./Bars";
import { Card } from "./Card";
import type { Bar } from "./groups";
import classes from "./Statistics.module.css";

/** Combinations that the chart shows, and clubs that it has columns for. */
const COMBINATIONS = 15;
const CLUBS = 8;

const nameOf = ({ clubs }: Combination) => (clubs.length === 0 ? "No club" : clubs.join(" + "));

function barOf(combination: Combination): Bar {
  const name = nameOf(combination);
  return { key: `of-${name}`, label: name, members: combination.members, kind: "group" };
}

function barsOf(combinations: Combination[], more: LeftOut): Bar[] {
  const bars = combinations.map(barOf);
  if (more.groups === 0) return bars;
  const label = `${plural(more.groups, "other combination")}`;
  return [...bars, { key: "others", label, members: more.members, kind: "others" }];
}

function firstOf(combinations: Combination[], more: LeftOut): { shown: Combination[]; rest: LeftOut } {
  const rest = combinations.slice(COMBINATIONS);
  const members = rest.reduce((sum, combination) => sum + combination.members, 0);
  return {
    shown: combinations.slice(0, COMBINATIONS),
    rest: { groups: rest.length + more.groups, members: members + more.members },
  };
}

/** A row a combination: a dot for each of its clubs, and a bar for its members. */
function Combinations({ clubs, shown, all }: { clubs: string[]; shown: Combination[]; all: number }) {
  const most = Math.max(1, ...shown.map(({ members }) => members));
  return (
    <ScrollRegion label="Members by exactly the clubs they are in, chart" className={classes.across}>
      <table className={classes.combinations}>
        <thead>
          <tr>
            {clubs.map((club) => (
              <th key={club} scope="col" className={classes.club}>
                <span title={club}>{club}</span>
              </th>
            ))}
            <th scope="col" className={classes.membersHead}>
              Members
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((combination) => (
            <tr key={nameOf(combination)}>
              {clubs.map((club) => {
                const inIt = combination.clubs.includes(club);
                return (
                  <td key={club} className={classes.dotCell}>
                    <span className={classes.dot} data-in={inIt} aria-hidden="true" />
                    <span className="visually-hidden">{inIt ? "yes" : "no"}</span>
                  </td>
                );
              })}
              <td className={classes.barCell}>
                <span className={classes.combinationBar}>
                  <span className={classes.track} aria-hidden="true">
                    <span
                      className={classes.fill}
                      style={{ width: `max(2px, ${(combination.members / most) * 100}%)` }}
                    />
                  </span>
                  <span className={classes.number}>
                    {count(combination.members)}
                    <span className="visually-hidden"> members, </span>
                    <span className={classes.share}>
                      {percent(all === 0 ? 0 : combination.members / all)}
                    </span>
                  </span>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

type Props = { statistics: Statistics; more: LeftOut };

/** Members by exactly the clubs they are in: each member counts once. */
export function CombinationsCard({ statistics, more }: Props) {
  const { overlap, by_club, members: all } = statistics;
  const title = "Clubs together";
  const { shown, rest } = firstOf(overlap.combinations, more);
  const columns = by_club.flatMap(({ name }) => name ?? []);
  // With more clubs than columns, names say it better than dots.
  const named = columns.length > CLUBS;
  return (
    <Card
      wide
      name="combinations"
      title={title}
      note="By exactly the clubs they are in; each member counts once."
    >
      {(view) =>
        view === "table" ? (
          <GroupTable title={title} column="Clubs" bars={barsOf(overlap.combinations, more)} all={all} />
        ) : named ? (
          <Bars title={title} bars={barsOf(shown, rest)} all={all} />
        ) : (
          <>
            <Combinations clubs={columns} shown={shown} all={all} />
            {rest.groups > 0 && (
              <Text size="sm" c="dimmed" mt="xs">
                {plural(rest.groups, "other combination")} with {plural(rest.members, "member")}
              </Text>
            )}
          </>
        )
      }
    </Card>
  );
}

/** How deep a cell is coloured: the members of both, of those of the smaller club. */
function shareOf({ pairs }: Overlap, one: number, other: number): number {
  const smaller = Math.min(pairs[one]?.[one] ?? 0, pairs[other]?.[other] ?? 0);
  return smaller === 0 ? 0 : (pairs[one]?.[other] ?? 0) / smaller;
}

function Matrix({ overlap, places, shaded }: { overlap: Overlap; places: number[]; shaded: boolean }) {
  return (
    <Table aria-label="Members in both clubs" withColumnBorders verticalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Club</Table.Th>
          {places.map((place) => (
            <Table.Th key={place} ta="right" className={classes.matrixHead}>
              {overlap.clubs[place]}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {places.map((row) => (
          <Table.Tr key={row}>
            <Table.Th scope="row" className={classes.rowName}>
              {overlap.clubs[row]}
            </Table.Th>
            {places.map((column) => {
              const share = row === column ? 0 : shareOf(overlap, row, column);
              return (
                <Table.Td
                  key={column}
                  ta="right"
                  className={`numeric ${row === column ? classes.own : ""}`}
                  style={shaded && share > 0 ? { "--share": `${10 + 30 * share}%` } : undefined}
                  data-shaded={shaded && share > 0}
                >
                  {count(overlap.pairs[row]?.[column] ?? 0)}
                  {shaded && row !== column && <span className={classes.share}> {percent(share)}</span>}
                </Table.Td>
              );
            })}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Members who are in both of two clubs, whatever others they are in. */
export function PairsCard({ statistics: { overlap, by_club } }: { statistics: Statistics }) {
  const largest = by_club.flatMap(({ name }) => (name === null ? [] : overlap.clubs.indexOf(name)));
  const shown = largest.slice(0, CLUBS);
  const left = largest.length - shown.length;
  return (
    <Card
      wide
      name="pairs"
      title="Overlap of clubs"
      note="Members who are in both clubs, whatever others they are in, and their share of the smaller club."
    >
      {(view) => (
        <>
          <ScrollRegion label="Overlap of clubs, counts" className={classes.across}>
            <Matrix overlap={overlap} places={view === "chart" ? shown : largest} shaded={view === "chart"} />
          </ScrollRegion>
          {view === "chart" && left > 0 && (
            <Text size="sm" c="dimmed" mt="xs">
              The {shown.length} largest of {plural(largest.length, "club")}; the table has all.
            </Text>
          )}
        </>
      )}
    </Card>
  );
}
