import { Button, Group, Paper, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type PlanView, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { plural } from "../../components/format";
import { METHOD_LABELS } from "../../components/labels";
import { keys } from "../../components/queryKeys";

type Props = { importId: number; plan: PlanView | undefined; onOpen: () => void };

/** Whether the push brings scores to one scale, and what that changes. */
export function ScoresCard({ importId, plan, onOpen }: Props) {
  const api = useApi();
  const scores = useQuery({ queryKey: keys.scores(importId), queryFn: () => api.scores(importId) });
  const method = scores.data?.settings.method?.method ?? "z_score";
  const changed = plan?.scores;
  return (
    <Paper withBorder p="md" component="section" aria-label="Scores" data-testid="scores-card">
      <ErrorNotice error={scores.error} retry={() => scores.refetch()} />
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Text fw={600}>Scores</Text>
          <Text size="sm" c="dimmed">
            {!scores.data?.unify
              ? "The clubs’ scores stay on their own scales."
              : `Brought to one scale: ${METHOD_LABELS[method].label}.`}
            {changed &&
              ` ${plural(changed.changed, "unified score")} of ${plural(changed.memberships, "membership")} would change.`}
          </Text>
        </div>
        <Button variant="default" onClick={onOpen} data-testid="open-scores" style={{ flexShrink: 0 }}>
          {scores.data?.unify ? "Change scores…" : "Set up scores…"}
        </Button>
      </Group>
    </Paper>
  );
}
