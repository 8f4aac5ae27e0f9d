import { Button, Paper, Table, Text, Title } from "@mantine/core";
import { Fragment, useState } from "react";
import type { ClubFormula, Formula, ScoreMove, ScoresPreview } from "../../api";
import { count, plural } from "../../components/format";
import { Private } from "../../components/privacy";
import { ScrollRegion } from "../../components/ScrollRegion";
import classes from "./Scores.module.css";
import { score, signed } from "./settings";

function Computation({ label, formula }: { label: string; formula: Formula }) {
  return (
    <li>
      <Text size="sm" fw={600}>
        {label}
      </Text>
      <p className={classes.formula}>{formula.text}</p>
      <Text size="sm" c="dimmed">
        {formula.sentence}
      </Text>
    </li>
  );
}

/** Each club's formula with the numbers of one of its scores. */
export function Formulas({ formulas }: { formulas: ClubFormula[] }) {
  if (formulas.length === 0) return null;
  return (
    <Paper withBorder p="md" component="section" aria-label="The formula with numbers">
      <Title order={2} fz={17} mb={8}>
        The formula with numbers
      </Title>
      <ul className={classes.computations} data-testid="score-examples">
        {formulas.map(({ club, formula }) => (
          <Computation key={club} label={club} formula={formula} />
        ))}
      </ul>
    </Paper>
  );
}

function Why({ move }: { move: ScoreMove }) {
  return (
    <ul className={classes.computations}>
      {move.formulas.map(({ club, formula }) => (
        <Computation key={`${club}-${formula.text}`} label={club} formula={formula} />
      ))}
      {move.combined && <Computation label="All clubs together" formula={move.combined} />}
    </ul>
  );
}

function MoveRow({ move, own }: { move: ScoreMove; own: boolean }) {
  const [open, setOpen] = useState(false);
  const { movement } = move;
  const gained = movement.gained ?? 0;
  const ranks =
    gained === 0 ? "same rank" : `${gained > 0 ? "up" : "down"} ${plural(Math.abs(gained), "rank")}`;
  return (
    <Fragment>
      <Table.Tr>
        <Table.Th scope="row">
          <Private value={move.name || "No name"} field="full_name" />
          <Text size="xs" c="dimmed" fw={400}>
            {move.clubs.join(", ")}
          </Text>
        </Table.Th>
        <Table.Td className={classes.number}>{score(movement.before)}</Table.Td>
        <Table.Td className={classes.number}>{score(movement.after)}</Table.Td>
        {!own && <Table.Td className={classes.number}>{signed(movement.delta)}</Table.Td>}
        <Table.Td className={classes.number}>
          {movement.rank_before === null || movement.rank_after === null
            ? ""
            : `${count(movement.rank_before)} → ${count(movement.rank_after)}`}
          <Text size="xs" c="dimmed">
            {movement.gained === null ? "new" : ranks}
          </Text>
        </Table.Td>
        <Table.Td>
          <Button
            size="compact-xs"
            variant="default"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            data-testid={`score-why-${movement.member}`}
          >
            Why
          </Button>
        </Table.Td>
      </Table.Tr>
      {open && (
        <Table.Tr>
          <Table.Td colSpan={own ? 5 : 6}>
            <Why move={move} />
          </Table.Td>
        </Table.Tr>
      )}
    </Fragment>
  );
}

/** Who moves, counted, and the members who move most. */
export function Moves({ preview }: { preview: ScoresPreview }) {
  const { moved, moves, counts, compared } = preview;
  const own = compared === "own";
  const figures: [string, number, string][] = [
    ["Members go up", moved.up, "up"],
    ["Members go down", moved.down, "down"],
    ["Unified scores change", counts.changed, "changed"],
    ["Rows for the score history", counts.history, "history"],
  ];
  return (
    <Paper withBorder p="md" component="section" aria-label="Who moves">
      <Title order={2} fz={17}>
        Who moves
      </Title>
      <Text size="sm" c="dimmed">
        {own
          ? "The database has no unified scores yet: ranks are compared with those by the clubs’ own scores."
          : "Compared with the unified scores in the database."}
      </Text>
      <dl className={classes.cards} aria-label="Moves in figures">
        {figures.map(([label, value, name]) => (
          <div key={name}>
            <dt>{label}</dt>
            <dd data-testid={`score-count-${name}`}>{count(value)}</dd>
          </div>
        ))}
      </dl>
      {moves.length === 0 ? (
        <Text data-testid="score-nobody">Nobody moves.</Text>
      ) : (
        <ScrollRegion label="Who moves most" className={classes.scroll}>
          <Table aria-label="Members who move most" data-testid="score-moves">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Member</Table.Th>
                <Table.Th scope="col" className={classes.number}>
                  {own ? "Own score" : "Before"}
                </Table.Th>
                <Table.Th scope="col" className={classes.number}>
                  {own ? "Unified" : "After"}
                </Table.Th>
                {!own && (
                  <Table.Th scope="col" className={classes.number}>
                    Change
                  </Table.Th>
                )}
                <Table.Th scope="col" className={classes.number}>
                  Rank
                </Table.Th>
                <Table.Th scope="col">
                  <span className="visually-hidden">Formula</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {moves.map((move) => (
                <MoveRow key={move.movement.member} move={move} own={own} />
              ))}
            </Table.Tbody>
          </Table>
        </ScrollRegion>
      )}
    </Paper>
  );
}
