import {
  ActionIcon,
  Indicator,
  MultiSelect,
  Popover,
  Select,
  Stack,
  TextInput,
  Tooltip,
} from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";
import type { Field, QueueQuery } from "../../api";
import { IconFilter, IconSearch } from "../../components/icons";
import { TARGET_LABELS } from "../../components/labels";
import classes from "./Queue.module.css";
import { OF_PERSON } from "./words";

/** Bands of probability, as they are offered: from, below. */
const BANDS: [string, number | null, number | null][] = [
  ["Any", null, null],
  ["99% and more", 0.99, null],
  ["90% to 99%", 0.9, 0.99],
  ["70% to 90%", 0.7, 0.9],
  ["50% to 70%", 0.5, 0.7],
  ["Below 50%", null, 0.5],
];
const ANY_FIELD = "any";

type Props = { query: QueueQuery; clubs: string[]; onQuery: (query: QueueQuery) => void };

function Narrow({ query, clubs, onQuery }: Props) {
  const band = BANDS.findIndex(([, from, to]) => from === query.score_from && to === query.score_to);
  return (
    <Stack gap="sm">
      <Select
        label="Whose records disagree on"
        data={[
          { value: ANY_FIELD, label: "Anything" },
          ...OF_PERSON.map((field) => ({ value: field, label: TARGET_LABELS[field] })),
        ]}
        value={query.field ?? ANY_FIELD}
        onChange={(value) => onQuery({ ...query, field: value === ANY_FIELD ? null : (value as Field) })}
        comboboxProps={{ withinPortal: false }}
        data-testid="filter-field"
      />
      <MultiSelect
        label="With records of each of"
        placeholder={query.clubs.length === 0 ? "Any club" : undefined}
        data={clubs}
        value={query.clubs}
        onChange={(value) => onQuery({ ...query, clubs: value })}
        comboboxProps={{ withinPortal: false }}
        data-testid="filter-clubs"
      />
      <Select
        label="How likely one person"
        data={BANDS.map(([label], index) => ({ value: String(index), label }))}
        value={String(Math.max(0, band))}
        onChange={(value) => {
          const [, from, to] = BANDS[Number(value)] ?? [];
          onQuery({ ...query, score_from: from ?? null, score_to: to ?? null });
        }}
        comboboxProps={{ withinPortal: false }}
        data-testid="filter-score"
      />
    </Stack>
  );
}

/** What narrows the queue: words, and behind a button the disagreeing field, the clubs and the probability. */
export function Filters({ query, clubs, onQuery }: Props) {
  const [text, setText] = useState(query.text ?? "");
  const search = useDebouncedCallback(
    (typed: string) => onQuery({ ...query, text: typed.trim() || null }),
    200,
  );
  const [opened, setOpened] = useState(false);
  const narrowed = [query.field, query.score_from ?? query.score_to, query.clubs[0]].filter(
    (one) => one != null,
  ).length;
  return (
    <div className={classes.filters}>
      <TextInput
        size="xs"
        flex={1}
        aria-label="Search names and keys"
        placeholder="Name or number"
        leftSection={<IconSearch size={14} />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          search(event.currentTarget.value);
        }}
        data-testid="people-search"
      />
      <Popover
        opened={opened}
        onChange={setOpened}
        trapFocus
        returnFocus
        position="bottom-end"
        width={280}
        shadow="md"
      >
        <Popover.Target>
          <Tooltip label="Narrow the list" disabled={opened}>
            <Indicator disabled={narrowed === 0} label={narrowed} size={15} color="harbor.7">
              <ActionIcon
                variant="default"
                size={30}
                aria-label={narrowed > 0 ? `Narrow the list, ${narrowed} chosen` : "Narrow the list"}
                onClick={() => setOpened((open) => !open)}
                data-testid="people-filters"
              >
                <IconFilter size={16} />
              </ActionIcon>
            </Indicator>
          </Tooltip>
        </Popover.Target>
        <Popover.Dropdown aria-label="Narrow the list">
          <Narrow query={query} clubs={clubs} onQuery={onQuery} />
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}
