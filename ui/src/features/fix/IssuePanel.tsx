import { Skeleton, Stack, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type RowQuery, useApi } from "../../api";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNotice } from "../../components/ErrorNotice";
import { count } from "../../components/format";
import { IconCheck, IconPencil } from "../../components/icons";
import { LevelIcon } from "../../components/LevelIcon";
import { keys } from "../../components/queryKeys";
import classes from "./Fix.module.css";

type Props = { importId: number; query: RowQuery; onQuery: (query: RowQuery) => void };

/** The rules that found something, with their rows; a click shows only those. */
export function IssuePanel({ importId, query, onQuery }: Props) {
  const api = useApi();
  // Counted without the chosen rule, so that the other rules keep their counts while one is chosen.
  const counted = { ...query, rule: null, sort: [] };
  const issues = useQuery({
    queryKey: [...keys.fix(importId), "issues", counted],
    queryFn: () => api.issueCounts(importId, counted),
    placeholderData: keepPreviousData,
  });
  const chosen = issues.data?.find((issue) => issue.rule === query.rule);
  return (
    <>
      <ErrorNotice error={issues.error} retry={() => issues.refetch()} />
      {issues.isPending && (
        <Stack gap={8} aria-hidden="true">
          <Skeleton height={32} />
          <Skeleton height={32} />
          <Skeleton height={32} />
        </Stack>
      )}
      {issues.data?.length === 0 && !query.rule && (
        <EmptyState icon={<IconCheck size={26} />} title="No issues">
          No rule found anything in the rows shown.
        </EmptyState>
      )}
      <ul className={classes.issues} aria-label="Issues by rule">
        {issues.data?.map((issue) => (
          <li key={issue.rule}>
            <button
              type="button"
              className={classes.issue}
              aria-pressed={query.rule === issue.rule}
              onClick={() => onQuery({ ...query, rule: query.rule === issue.rule ? null : issue.rule })}
              data-testid={`issue-${issue.rule}`}
            >
              <LevelIcon level={issue.level} />
              <span>{issue.label}</span>
              <span className="numeric">{count(issue.rows)}</span>
            </button>
            {issue === chosen && <p className={classes.issueHelp}>{issue.help}</p>}
          </li>
        ))}
        <li>
          <button
            type="button"
            className={classes.issue}
            aria-pressed={query.edited}
            onClick={() => onQuery({ ...query, edited: !query.edited })}
            data-testid="filter-edited"
          >
            <IconPencil size={16} color="var(--m-edited)" />
            <span>Changed by you</span>
          </button>
        </li>
      </ul>
      {issues.data && issues.data.length > 0 && (
        <Text size="xs" c="dimmed" mt="sm" px={10}>
          Choose a rule to see only its rows.
        </Text>
      )}
    </>
  );
}
