import { Checkbox, Paper, Table, Text, UnstyledButton } from "@mantine/core";
import type { FoundMember } from "../../api";
import { Private } from "../../components/privacy";
import { fullName } from "./fields";
import classes from "./Members.module.css";

const COLUMNS = ["Name", "Birth date", "State", "Company", "Clubs", "Number"];

type RowProps = {
  row: FoundMember;
  open: boolean;
  chosen: boolean;
  onOpen: (id: number) => void;
  onChoose: (id: number, chosen: boolean) => void;
};

function Row({ row, open, chosen, onOpen, onChoose }: RowProps) {
  const name = fullName(row) || "(no name)";
  return (
    // The name is a button for the keyboard; with the mouse the whole row is one.
    <Table.Tr
      className={classes.row}
      data-open={open}
      onClick={() => onOpen(row.id)}
      data-testid={`member-row-${row.id}`}
    >
      <Table.Td className={classes.choose} onClick={(event) => event.stopPropagation()}>
        <Checkbox
          size="xs"
          aria-label={`Choose member ${row.id}`}
          checked={chosen}
          onChange={(event) => onChoose(row.id, event.currentTarget.checked)}
          data-testid={`member-choose-${row.id}`}
        />
      </Table.Td>
      <Table.Td>
        <UnstyledButton className={classes.open} data-testid={`member-open-${row.id}`}>
          <Private value={name} field="full_name" />
          {row.preferred_name && (
            <Text span size="sm" c="dimmed" ml={6}>
              <Private value={`“${row.preferred_name}”`} field="preferred_name" />
            </Text>
          )}
        </UnstyledButton>
      </Table.Td>
      <Table.Td className={`${classes.narrow} numeric`}>
        <Private value={row.birth_date ?? ""} field="birth_date" />
      </Table.Td>
      <Table.Td>{row.state}</Table.Td>
      <Table.Td>{row.company}</Table.Td>
      <Table.Td className={`${classes.club} one-line`} title={row.clubs.join(", ")}>
        {row.clubs.join(", ")}
      </Table.Td>
      <Table.Td className="numeric" ta="right" c="dimmed">
        {row.id}
      </Table.Td>
    </Table.Tr>
  );
}

type Props = {
  rows: FoundMember[];
  openId: number | null;
  onOpen: (id: number) => void;
  /** the members that were chosen */
  chosen: readonly number[];
  onChoose: (id: number, chosen: boolean) => void;
};

/** The members that were found, in the order of their names. */
export function MemberTable({ rows, openId, onOpen, chosen, onChoose }: Props) {
  return (
    <Paper withBorder className={classes.frame}>
      <Table highlightOnHover verticalSpacing={7} horizontalSpacing="md" aria-label="Members">
        <Table.Thead>
          <Table.Tr>
            <Table.Th className={classes.choose}>
              <span className="visually-hidden">Choose</span>
            </Table.Th>
            {COLUMNS.map((name) => (
              <Table.Th key={name} ta={name === "Number" ? "right" : undefined}>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Row
              key={row.id}
              row={row}
              open={row.id === openId}
              chosen={chosen.includes(row.id)}
              onOpen={onOpen}
              onChoose={onChoose}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
