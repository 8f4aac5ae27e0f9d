import { Table } from "@mantine/core";
import { count, percent } from "../../components/format";
import { ScrollRegion } from "../../components/ScrollRegion";
import { type Bar, longestOf } from "./groups";
import classes from "./Statistics.module.css";

type Props = { title: string; bars: Bar[]; all: number };

/** Bars that lie, each with its name, its number and its share. A screen reader reads them as a list. */
export function Bars({ title, bars, all }: Props) {
  const most = longestOf(bars);
  return (
    <ul className={classes.bars} aria-label={`${title}, chart`}>
      {bars.map(({ key, label, members, kind }) => (
        <li key={key} className={classes.bar}>
          <span className={classes.label} title={label}>
            {label}
          </span>
          <span className={classes.track} aria-hidden="true">
            {kind !== "others" && members > 0 && (
              <span
                className={classes.fill}
                data-kind={kind}
                style={{ width: `max(2px, ${(members / most) * 100}%)` }}
              />
            )}
          </span>
          <span className={classes.number}>
            {count(members)}
            <span className="visually-hidden"> members, </span>
            <span className={classes.share}>{percent(all === 0 ? 0 : members / all)}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The same as a table, with every group. */
export function GroupTable({ title, column, bars, all }: Props & { column: string }) {
  return (
    <ScrollRegion label={`${title}, table`} className={classes.table}>
      <Table aria-label={title} stickyHeader verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{column}</Table.Th>
            <Table.Th ta="right">Members</Table.Th>
            <Table.Th ta="right">Share</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {bars.map(({ key, label, members }) => (
            <Table.Tr key={key}>
              <Table.Th scope="row" className={classes.rowName}>
                {label}
              </Table.Th>
              <Table.Td ta="right" className="numeric">
                {count(members)}
              </Table.Td>
              <Table.Td ta="right" className="numeric">
                {percent(all === 0 ? 0 : members / all)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollRegion>
  );
}
