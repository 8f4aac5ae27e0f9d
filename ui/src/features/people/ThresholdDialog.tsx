import { Button, Group, Modal, NumberInput, RangeSlider, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type PeopleView, type Thresholds, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { count } from "../../components/format";
import { useJobMutation } from "../../components/jobs";
import { ProgressPanel } from "../../components/ProgressPanel";
import { keys } from "../../components/queryKeys";
import classes from "./Dialogs.module.css";
import { bitsOf, probabilityOf } from "./scale";
import { takePeople } from "./takePeople";

/** The highest threshold, 99.99%: beyond, everything would be asked about. */
const HIGHEST = 0.9999;
const STEP = 0.1;
const MARKS = [0.01, 0.1, 0.5, 0.9, 0.99, 0.999];

/** 0.99 → "99%", 0.9987 → "99.87%" */
const percent = (share: number) => `${Number((share * 100).toFixed(2))}%`;
const rounded = (share: number) => Number(share.toFixed(4));

type Limits = { lowest: number; thresholds: Thresholds; onChange: (thresholds: Thresholds) => void };

/** The handles move in bits of evidence: what tells 99% from 99.9% has as much room as what tells 50% from 90%. */
function Slider({ lowest, thresholds, onChange }: Limits) {
  const low = bitsOf(lowest);
  const high = bitsOf(HIGHEST);
  return (
    <RangeSlider
      min={low}
      max={high}
      step={STEP}
      minRange={0}
      value={[bitsOf(thresholds.review), bitsOf(thresholds.merge)]}
      onChange={([review, merge]) =>
        onChange({ review: rounded(probabilityOf(review)), merge: rounded(probabilityOf(merge)) })
      }
      label={(bits) => percent(rounded(probabilityOf(bits)))}
      thumbFromLabel="Ask from"
      thumbToLabel="Merge from"
      thumbValueText={(bits) => percent(rounded(probabilityOf(bits)))}
      marks={MARKS.filter((mark) => mark >= lowest).map((mark) => ({
        value: bitsOf(mark),
        label: percent(mark),
      }))}
      mb="lg"
      mt="xs"
      data-testid="threshold-slider"
    />
  );
}

function Typed({ lowest, thresholds, onChange }: Limits) {
  const field = (name: keyof Thresholds, label: string, min: number, max: number) => (
    <NumberInput
      label={label}
      suffix=" %"
      decimalScale={2}
      step={1}
      min={min * 100}
      max={max * 100}
      clampBehavior="blur"
      value={Number((thresholds[name] * 100).toFixed(2))}
      onChange={(value) => {
        const share = rounded(Number(value) / 100);
        if (typeof value === "number" && share >= min && share <= max)
          onChange({ ...thresholds, [name]: share });
      }}
      data-testid={`threshold-${name}`}
    />
  );
  return (
    <Group grow>
      {field("review", "Ask a person from", lowest, thresholds.merge)}
      {field("merge", "Merge without asking from", thresholds.review, HIGHEST)}
    </Group>
  );
}

function Counts({ importId, thresholds }: { importId: number; thresholds: Thresholds }) {
  const api = useApi();
  const [settled] = useDebouncedValue(thresholds, 150);
  const counts = useQuery({
    queryKey: [...keys.people(importId), "thresholds", settled],
    queryFn: () => api.peopleThresholdCounts(importId, settled),
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  });
  if (counts.error) return <ErrorNotice error={counts.error} retry={() => counts.refetch()} />;
  const figures: [keyof NonNullable<typeof counts.data>, string][] = [
    ["apart", "stay apart"],
    ["ask", "are asked about"],
    ["merge", "are merged without asking"],
  ];
  return (
    <dl className={classes.figures} aria-live="polite" data-testid="threshold-counts">
      {figures.map(([name, label]) => (
        <div key={name} data-part={name}>
          <dd data-testid={`threshold-count-${name}`}>{counts.data ? count(counts.data[name]) : "…"}</dd>
          <dt>pairs {label}</dt>
        </div>
      ))}
    </dl>
  );
}

type Props = { importId: number; people: PeopleView; onClose: () => void; onSay: (words: string) => void };

function Content({ importId, people, onClose, onSay }: Props) {
  const api = useApi();
  const client = useQueryClient();
  const job = `people-thresholds-${importId}`;
  const [thresholds, setThresholds] = useState(people.thresholds);
  const apply = useJobMutation(
    job,
    (_: undefined, id) => api.peopleSetThresholds(importId, thresholds, id),
    (view) => {
      void takePeople(client, importId, view);
      onSay("The thresholds are set.");
      onClose();
    },
  );
  const unchanged =
    thresholds.review === people.thresholds.review && thresholds.merge === people.thresholds.merge;
  const limits: Limits = { lowest: people.lowest, thresholds, onChange: setThresholds };
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Pairs below the first handle stay apart, pairs between the two are asked about, pairs above the second
        are merged without asking. Decisions stay as they are.
      </Text>
      <Slider {...limits} />
      <Typed {...limits} />
      <Counts importId={importId} thresholds={thresholds} />
      <ErrorNotice error={apply.failure} />
      <ProgressPanel name={job} title="Putting records together" />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          disabled={unchanged}
          loading={apply.isPending}
          onClick={() => apply.mutate(undefined)}
          data-testid="threshold-apply"
        >
          Apply
        </Button>
      </Group>
    </Stack>
  );
}

/** From which probability a pair is asked about, and merged without asking, with what that would do. */
export function ThresholdDialog({ opened, ...rest }: Props & { opened: boolean }) {
  return (
    <Modal opened={opened} onClose={rest.onClose} title="Thresholds" size="lg">
      <Content {...rest} />
    </Modal>
  );
}
