import { Checkbox, Paper, Table, Text, UnstyledButton } from "@mantine/core";
import type { RejectRow } from "../../api";
import { count, moment } from "../../components/format";
import { Pill } from "../../components/Pill";
import classes from "./Rejects.module.css";

/** Why the row is here; the first reason counts, the others are said behind it. */
function Why({ row }: { row: RejectRow }) {
  return (
    <>
      {row.reasons.map((reason) => reason.label).join(", ")}
      {row.state === "open" && row.fixed && (
        <Text span ml={8}>
          <Pill tone="good">Fixed</Pill>
        </Text>
      )}
      {row.replayed_by !== null && (
        <Text span size="sm" c="dimmed" ml={8}>
          taken in by push #{row.replayed_by}
        </Text>
      )}
    </>
  );
}

type Props = {
  rows: RejectRow[];
  openId: number | null;
  onOpen: (id: number) => void;
  /** numbers of the rows with a tick; `null` = rows cannot be ticked */
  chosen: number[] | null;
  onChoose: (ids: number[]) => void;
};

/** A page of the inbox. */
export function RejectTable({ rows, openId, onOpen, chosen, onChoose }: Props) {
  const all = rows.map((row) => row.id);
  const ticked = all.filter((id) => chosen?.includes(id));
  const toggle = (id: number) =>
    onChoose(chosen?.includes(id) ? chosen.filter((other) => other !== id) : [...(chosen ?? []), id]);
  return (
    <Paper withBorder className={classes.frame}>
      <Table highlightOnHover verticalSpacing={8} horizontalSpacing="md" aria-label="Refused rows">
        <Table.Thead>
          <Table.Tr>
            {chosen && (
              <Table.Th w={44}>
                <Checkbox
                  aria-label="Choose all rows of this page"
                  checked={ticked.length === all.length}
                  indeterminate={ticked.length > 0 && ticked.length < all.length}
                  onChange={() => onChoose(ticked.length === all.length ? [] : all)}
                  data-testid="choose-all"
                />
              </Table.Th>
            )}
            <Table.Th>File</Table.Th>
            <Table.Th ta="right">Line</Table.Th>
            <Table.Th>Why</Table.Th>
            <Table.Th>Refused</Table.Th>
            <Table.Th>Push</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            // The file is a button for the keyboard; with the mouse the whole row is one.
            <Table.Tr
              key={row.id}
              className={classes.row}
              data-open={row.id === openId}
              onClick={() => onOpen(row.id)}
              data-testid={`reject-row-${row.id}`}
            >
              {chosen && (
                <Table.Td onClick={(event) => event.stopPropagation()}>
                  <Checkbox
                    aria-label={`Choose line ${row.line} of ${row.file}`}
                    checked={chosen.includes(row.id)}
                    onChange={() => toggle(row.id)}
                    data-testid={`choose-${row.id}`}
                  />
                </Table.Td>
              )}
              <Table.Td>
                <UnstyledButton className={classes.open} data-testid={`reject-open-${row.id}`}>
                  {row.file}
                </UnstyledButton>
                <Text size="xs" c="dimmed">
                  {row.source}
                </Text>
              </Table.Td>
              <Table.Td ta="right" className="numeric">
                {count(row.line)}
              </Table.Td>
              <Table.Td>
                <Why row={row} />
              </Table.Td>
              <Table.Td className={classes.narrow}>{moment(row.refused)}</Table.Td>
              <Table.Td>
                #{row.push} {row.import_name}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
