import { Button, Paper, Text, Title } from "@mantine/core";
import type { PlanCounts, RowClass, RowQuery } from "../../api";
import { count } from "../../components/format";
import classes from "./Push.module.css";

type Props = { counts: PlanCounts; onFix: (filter: Partial<RowQuery>) => void };

/** The rows that are not pushed, with the way back to them. */
export function LeftOut({ counts, onFix }: Props) {
  const lines: [RowClass, string, number][] = [
    ["suspect", "Suspect: their dates cannot all be true", counts.suspect],
    ["excluded", "Excluded by you", counts.excluded],
    ["rejected", "Rejected: they cannot be a member’s record", counts.reject],
  ];
  return (
    <Paper withBorder p="lg" component="section" aria-label="Left out">
      <Title order={2}>Left out</Title>
      <Text size="sm" c="dimmed" mb="xs">
        These rows stay in the import; nothing is lost.
      </Text>
      <ul className={classes.lines}>
        {lines.map(([name, label, rows]) => (
          <li key={name}>
            <span>
              <b className="numeric">{count(rows)}</b> {label}
            </span>
            {rows > 0 && (
              <Button
                size="compact-sm"
                variant="subtle"
                onClick={() => onFix({ class: name })}
                data-testid={`left-out-${name}`}
              >
                See them
                <span className="visually-hidden">: {name} rows</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Paper>
  );
}
