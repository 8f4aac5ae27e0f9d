import { Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ClubScores, type MemberScores as Scores, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { moment } from "../../components/format";
import { Private } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import { ScrollRegion } from "../../components/ScrollRegion";
import classes from "./Members.module.css";
import { ScoreChart, shown } from "./ScoreChart";

/** "z-score/1:616224fc…" → "z-score" */
const methodOf = (version: string | null) => version?.split("/")[0] ?? "none";

function ClubTable({ club }: { club: ClubScores }) {
  return (
    <section aria-label={club.club}>
      <Title order={3} fz={15} mb={4}>
        {club.club}
      </Title>
      <ScrollRegion label={`Scores in ${club.club}`} className={classes.frame}>
        <Table aria-label={`Score history in ${club.club}`} data-testid={`score-rows-${club.membership}`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">From</Table.Th>
              <Table.Th scope="col">Until</Table.Th>
              <Table.Th scope="col">Score</Table.Th>
              <Table.Th scope="col">Unified</Table.Th>
              <Table.Th scope="col">Last active</Table.Th>
              <Table.Th scope="col">Method</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {[...club.rows].reverse().map((row) => (
              <Table.Tr key={`${row.valid_from}-${row.valid_to}`}>
                <Table.Td className={classes.narrow}>{moment(row.valid_from)}</Table.Td>
                <Table.Td className={classes.narrow}>{row.valid_to ? moment(row.valid_to) : "now"}</Table.Td>
                <Table.Td>{shown(row.score)}</Table.Td>
                <Table.Td>{shown(row.unified_score)}</Table.Td>
                <Table.Td className={classes.narrow}>
                  {row.last_active ? <Private value={row.last_active} field="last_active" /> : "unknown"}
                </Table.Td>
                <Table.Td title={row.method_version ?? undefined}>{methodOf(row.method_version)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollRegion>
    </section>
  );
}

function Combined({ scores }: { scores: Scores }) {
  const { combined, weights, formula } = scores;
  if (combined.length === 0) return null;
  return (
    <section aria-label="All clubs together">
      <Title order={3} fz={15} mb={4}>
        All clubs together
      </Title>
      {formula && (
        <Text size="sm" data-testid="score-combined">
          {formula.text}
        </Text>
      )}
      <Text size="sm" c="dimmed">
        The weighted mean of the clubs’ unified scores. Weights:{" "}
        {weights.map(({ club, weight }) => `${club} ${shown(weight)}`).join(", ")}.
      </Text>
      <Table aria-label="Score of all clubs together" mt={6} data-testid="score-rows-combined">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">From</Table.Th>
            <Table.Th scope="col">Score</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {[...combined].reverse().map(({ valid_from, score }) => (
            <Table.Tr key={valid_from}>
              <Table.Td className={classes.narrow}>{moment(valid_from)}</Table.Td>
              <Table.Td>{shown(score)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

/** The history of a member's scores: drawn, and as tables. */
export function MemberScores({ id }: { id: number }) {
  const api = useApi();
  const scores = useQuery({
    queryKey: [...keys.member(id), "scores"],
    queryFn: () => api.memberScores(id),
    staleTime: 0,
  });
  if (scores.error) return <ErrorNotice error={scores.error} retry={() => scores.refetch()} />;
  if (!scores.data) return <Skeleton height={220} aria-hidden="true" />;
  if (scores.data.clubs.length === 0) {
    return (
      <Text c="dimmed" data-testid="no-scores">
        No history yet. It begins with a push that brings scores to one scale, or with a score typed here.
      </Text>
    );
  }
  return (
    <Stack>
      <ScoreChart scores={scores.data} />
      <Combined scores={scores.data} />
      {scores.data.clubs.map((club) => (
        <ClubTable key={club.membership} club={club} />
      ))}
    </Stack>
  );
}
