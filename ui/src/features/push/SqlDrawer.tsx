import { Button, CopyButton, Drawer, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type PlannedStatement, type PlanView, type PushChoice, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { plural } from "../../components/format";
import { keys } from "../../components/queryKeys";
import classes from "./Push.module.css";

/** "-- Add members (12,747 rows)", and the statement. */
function asText({ purpose, rows, sql }: PlannedStatement): string {
  const many = rows === null ? "" : ` (${plural(rows, "row")})`;
  return `-- ${purpose}${many}\n${sql};\n`;
}

function Statement({ statement, number }: { statement: PlannedStatement; number: number }) {
  return (
    <li>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm" fw={600}>
          {number}. {statement.purpose}
        </Text>
        {statement.rows !== null && (
          <Text size="sm" c="dimmed" className="numeric" style={{ whiteSpace: "nowrap" }}>
            {plural(statement.rows, "row")}
          </Text>
        )}
      </Group>
      <pre className={classes.sql}>{statement.sql}</pre>
    </li>
  );
}

type Props = { importId: number; plan: PlanView; how: PushChoice; onClose: () => void };

/** The statements that the push would run, in order. */
export function SqlDrawer({ importId, plan, how, onClose }: Props) {
  const api = useApi();
  const statements = useQuery({
    queryKey: [...keys.plan(importId), "sql", plan.package],
    queryFn: () => api.planSql(importId, how),
  });
  const all = statements.data ?? [];
  return (
    <Drawer opened onClose={onClose} position="right" size={760} title="What the push runs">
      <Stack>
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Text size="sm" c="dimmed">
            All in one transaction. Values go beside the statements, in the places of $1, $2 and so on; :entry
            and :year are those of the push’s own entry in the history.
          </Text>
          <CopyButton value={all.map(asText).join("\n")}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                onClick={copy}
                disabled={all.length === 0}
                style={{ flexShrink: 0 }}
                data-testid="copy-sql"
              >
                {copied ? "Copied" : "Copy all"}
              </Button>
            )}
          </CopyButton>
        </Group>
        <ErrorNotice error={statements.error} retry={() => statements.refetch()} />
        {statements.isPending && <Skeleton height={320} aria-hidden="true" />}
        {statements.data && (
          <ol className={classes.statements} data-testid="sql-statements">
            {all.map((statement, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a list that never changes, and the same statement may come again
              <Statement key={index} statement={statement} number={index + 1} />
            ))}
          </ol>
        )}
      </Stack>
    </Drawer>
  );
}
