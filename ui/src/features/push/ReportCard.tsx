import { Group, Paper, Text, Title } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { PushReport } from "../../api";
import { count, moment, plural } from "../../components/format";
import { IconCheck, IconInfo } from "../../components/icons";
import { LevelIcon } from "../../components/LevelIcon";
import classes from "./Push.module.css";

/** The parts that every row read went to; together they are the rows read. */
export function sumOf(report: PushReport): { label: string; rows: number }[] {
  return [
    { label: "added", rows: report.inserted },
    ...(report.updated > 0 ? [{ label: "updated", rows: report.updated }] : []),
    { label: "already there", rows: report.skipped_identical + report.skipped_different },
    { label: "suspect", rows: report.counts.suspect },
    { label: "excluded", rows: report.counts.excluded },
    { label: "rejected", rows: report.rejected },
  ];
}

function Sum({ report }: { report: PushReport }) {
  return (
    <p className={classes.sum} data-testid="report-sum">
      <span>
        <b>{count(report.counts.read)}</b> read
      </span>
      <span>=</span>
      {sumOf(report).map(({ label, rows }, index) => (
        <span key={label}>
          {index > 0 && "+ "}
          <b>{count(rows)}</b> {label}
        </span>
      ))}
    </p>
  );
}

function Issues({ report }: { report: PushReport }) {
  if (report.issues.length === 0) return null;
  return (
    <>
      <Title order={3} mt="md">
        Issues in this import
      </Title>
      <ul className={classes.lines}>
        {report.issues.map((issue) => (
          <li key={issue.rule}>
            <Group gap={8} wrap="nowrap">
              <LevelIcon level={issue.level} />
              {issue.label}
            </Group>
            <span className="numeric">{plural(issue.rows, "row")}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What a push did, with counts that add up. It takes the focus: it is the answer to the button. */
export function ReportCard({ report, profile }: { report: PushReport; profile: string }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const repeated = report.repeat_of !== null;
  return (
    <Paper withBorder p="lg" component="section" aria-label="Report of the push" data-testid="push-report">
      <Group wrap="nowrap" align="flex-start" gap="md">
        {repeated ? <IconInfo size={30} /> : <IconCheck size={30} className={classes.done} />}
        <div style={{ flex: 1, minWidth: 0 }}>
          <Title order={2} ref={title} tabIndex={-1} fz={19}>
            {repeated
              ? `Already pushed as push #${report.repeat_of}; nothing was written`
              : `${plural(report.inserted, "member")} added to ${profile}`}
          </Title>
          <Text size="sm" c="dimmed">
            Push #{report.push}, {moment(report.finished)}
          </Text>
          <Sum report={report} />
          {report.removed > 0 && (
            <Text size="sm">
              {plural(report.removed, "membership")} removed: the lists do not have them any more.
            </Text>
          )}
          {report.scores && (
            <Text size="sm" data-testid="report-scores">
              {plural(report.scores.changed, "unified score")} changed, {plural(report.scores.history, "row")}{" "}
              added to the score history.
            </Text>
          )}
          {report.merged > 0 && (
            <Text size="sm">
              {plural(report.merged, "member")} became one with another one who was there.
            </Text>
          )}
          <Issues report={report} />
        </div>
      </Group>
    </Paper>
  );
}
