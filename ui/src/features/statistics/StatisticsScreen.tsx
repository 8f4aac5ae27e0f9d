import { Button, Select, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import type { StatisticsView } from "../../api";
import { useActions } from "../../components/actions";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNotice } from "../../components/ErrorNotice";
import { plural } from "../../components/format";
import { IconChart, IconDownload } from "../../components/icons";
import { Page } from "../../components/Page";
import { ProgressPanel } from "../../components/ProgressPanel";
import { GroupCard } from "./GroupCard";
import { isDay } from "./groups";
import { CombinationsCard, PairsCard } from "./OverlapCards";
import classes from "./Statistics.module.css";
import { ALL, type Choice, COUNTING, SAVING, useClubs, useSave, useStatistics } from "./useStatistics";

/** Bars of the charts of values, which may be many. */
const TOP = 12;

function Filters({ choice, onChange }: { choice: Choice; onChange: (choice: Choice) => void }) {
  const clubs = useClubs();
  const day = choice.day.trim();
  return (
    <search className={classes.filters} aria-label="What is counted">
      <Select
        label="Members of"
        placeholder="All clubs"
        searchable
        clearable
        allowDeselect
        data={(clubs.data?.clubs ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
        value={choice.club}
        onChange={(club) => onChange({ ...choice, club })}
        clearButtonProps={{ "aria-label": "All clubs", tabIndex: 0 }}
        className={classes.clubFilter}
        data-testid="statistics-club"
      />
      <TextInput
        label="Ages and years as of"
        placeholder="Today"
        value={choice.day}
        onChange={(event) => onChange({ ...choice, day: event.currentTarget.value })}
        error={day.length >= 10 && !isDay(day) ? "Type it as YYYY-MM-DD" : null}
        autoComplete="off"
        className={classes.dayFilter}
        data-testid="statistics-day"
      />
    </search>
  );
}

function Nobody({ ofClub, onClear }: { ofClub: boolean; onClear: () => void }) {
  const clear = (
    <Button variant="default" onClick={onClear}>
      Count all clubs
    </Button>
  );
  return (
    <EmptyState
      icon={<IconChart size={28} />}
      title={ofClub ? "This club has no members" : "There are no members to count yet"}
      actions={ofClub ? clear : undefined}
    >
      When an import is pushed to this profile, its members are counted here by state, company, age, club and
      tenure.
    </EmptyState>
  );
}

function Cards({ view }: { view: StatisticsView }) {
  const { statistics } = view;
  const all = statistics.members;
  const severalClubs = statistics.by_club.length > 1;
  const tenure = view.club
    ? `Completed years since they joined ${view.club}.`
    : "Completed years since they first joined a club.";
  return (
    <div className={classes.cards}>
      <GroupCard name="state" title="State" column="State" groups={statistics.by_state} all={all} top={TOP} />
      <GroupCard
        name="company"
        title="Company"
        column="Company"
        groups={statistics.by_company}
        more={view.more_companies}
        all={all}
        top={TOP}
      />
      <GroupCard
        name="age"
        title="Age"
        column="Years"
        note="Completed years of age."
        groups={statistics.by_age}
        all={all}
      />
      <GroupCard
        name="tenure"
        title="Tenure"
        column="Years"
        note={tenure}
        groups={statistics.by_tenure}
        all={all}
      />
      <GroupCard
        name="club"
        title="Club"
        column="Club"
        note={severalClubs ? "Who is in several clubs counts in each." : undefined}
        groups={statistics.by_club}
        all={all}
        top={TOP}
      />
      {severalClubs && <CombinationsCard statistics={statistics} more={view.more_combinations} />}
      {severalClubs && <PairsCard statistics={statistics} />}
    </div>
  );
}

function summary({ as_of, club, statistics }: StatisticsView): string {
  const of = club ? ` of ${club}` : "";
  const { members, memberships } = statistics;
  return `${plural(members, "member")}${of} with ${plural(memberships, "membership")}, as of ${as_of}`;
}

/** Counts of the members of the active profile, as charts and as tables. */
export function StatisticsScreen() {
  const [choice, setChoice] = useState(ALL);
  const { query, counted } = useStatistics(choice);
  const save = useSave(query);
  const view = counted.data;
  const nobody = view?.statistics.members === 0;
  const canSave = view !== undefined && !nobody && !counted.error;
  useActions(
    canSave
      ? [
          {
            id: "statistics-save",
            label: "Save statistics…",
            group: "Statistics",
            run: () => save.mutate(undefined),
          },
        ]
      : [],
  );
  return (
    <Page
      wide
      title="Statistics"
      lead="Everybody in the database of the active profile, counted."
      actions={
        <Button
          variant="default"
          leftSection={<IconDownload size={16} />}
          disabled={!canSave}
          loading={save.isPending}
          onClick={() => save.mutate(undefined)}
          data-testid="statistics-save"
        >
          Save…
        </Button>
      }
    >
      <Stack>
        <Filters choice={choice} onChange={setChoice} />
        <ErrorNotice error={counted.error} retry={() => counted.refetch()} />
        <ErrorNotice error={save.failure} />
        {counted.isPending && <Skeleton height={320} aria-hidden="true" />}
        {view && !counted.error && nobody && (
          <Nobody ofClub={view.club !== null} onClear={() => setChoice({ ...choice, club: null })} />
        )}
        {view && !counted.error && !nobody && (
          <>
            <Text size="sm" c="dimmed" aria-live="polite" data-testid="statistics-summary">
              {summary(view)}
            </Text>
            <Cards view={view} />
          </>
        )}
      </Stack>
      <ProgressPanel name={COUNTING} title="Counting members" floating />
      <ProgressPanel name={SAVING} title="Saving the statistics" floating />
    </Page>
  );
}
