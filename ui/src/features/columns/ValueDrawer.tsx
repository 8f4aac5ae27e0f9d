import {
  ActionIcon,
  Button,
  Drawer,
  Group,
  Pagination,
  Skeleton,
  Stack,
  Text,
  TextInput,
  Tooltip,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type ColumnValue, type ColumnView, type FileView, useApi } from "../../api";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNotice } from "../../components/ErrorNotice";
import { count, plural } from "../../components/format";
import { IconPencil, IconSearch } from "../../components/icons";
import { useJobMutation } from "../../components/jobs";
import { LevelIcon } from "../../components/LevelIcon";
import { ProgressPanel } from "../../components/ProgressPanel";
import { MASK, Private, useMask } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import classes from "./Columns.module.css";

const PAGE = 50;
const JOB = "map-value";

type Shown = { file: FileView; column: ColumnView };

function EditBecomes({
  value,
  onSave,
  onStop,
}: {
  value: ColumnValue;
  onSave: (to: string | null) => void;
  onStop: () => void;
}) {
  const [to, setTo] = useState(value.becomes ?? "");
  return (
    <form
      className={classes.becomes}
      onSubmit={(event) => {
        event.preventDefault();
        onSave(to.trim() || null);
      }}
    >
      <TextInput
        size="xs"
        flex={1}
        aria-label={`What ${value.value || "the empty cell"} becomes`}
        placeholder="(empty)"
        value={to}
        autoFocus
        onChange={(event) => setTo(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          onStop();
        }}
        data-testid="value-becomes"
      />
      <Button size="compact-sm" type="submit" data-testid="value-save">
        Save
      </Button>
    </form>
  );
}

function ValueRow({
  value,
  shown,
  onSave,
}: {
  value: ColumnValue;
  shown: Shown;
  onSave: (to: string | null) => void;
}) {
  const [editing, setEditing] = useState(false);
  const field = shown.column.target;
  const mask = useMask();
  const name = mask(value.value, field) || "the empty cell";
  // The field for a new value shows the old one: not while it is hidden.
  const hidden = name === MASK;
  return (
    <tr>
      <td className="one-line" title={undefined}>
        {value.value === "" ? (
          <Text size="sm" c="dimmed">
            (empty)
          </Text>
        ) : (
          <Private value={value.value} field={field} />
        )}
      </td>
      <td className="numeric" align="right">
        {count(value.rows)}
      </td>
      <td>
        {editing ? (
          <EditBecomes
            value={value}
            onStop={() => setEditing(false)}
            onSave={(to) => {
              setEditing(false);
              if (to !== value.becomes) onSave(to);
            }}
          />
        ) : (
          <div className={classes.becomes}>
            {value.level && <LevelIcon level={value.level} />}
            <Text
              size="sm"
              flex={1}
              className="one-line"
              c={value.level ? "var(--m-warning)" : undefined}
              fw={value.mapped_by_person ? 600 : 400}
            >
              {value.becomes === null ? "(empty)" : <Private value={value.becomes} field={field} />}
              {value.mapped_by_person && <span className="visually-hidden"> (chosen by you)</span>}
            </Text>
            <Tooltip label="Change what it becomes">
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Change what ${name} becomes`}
                disabled={hidden}
                onClick={() => setEditing(true)}
              >
                <IconPencil size={16} />
              </ActionIcon>
            </Tooltip>
          </div>
        )}
      </td>
    </tr>
  );
}

function Values({ importId, shown }: { importId: number; shown: Shown }) {
  const api = useApi();
  const client = useQueryClient();
  const { file, column } = shown;
  const [search, setSearch] = useState("");
  const [needle] = useDebouncedValue(search.trim() || null, 250);
  const [page, setPage] = useState(1);
  const values = useQuery({
    queryKey: [...keys.values(importId), file.id, column.index, needle, page],
    queryFn: () => api.columnValues(importId, file.id, column.index, needle, (page - 1) * PAGE, PAGE),
    placeholderData: keepPreviousData,
  });
  const map = useJobMutation(
    JOB,
    ({ from, to }: { from: string; to: string | null }, job) =>
      api.operationAdd(importId, { kind: "map_value", file: file.id, column: column.index, from, to }, job),
    () => {
      for (const key of [
        keys.staged(importId),
        keys.fix(importId),
        keys.people(importId),
        keys.plan(importId),
      ])
        client.removeQueries({ queryKey: key });
      client.invalidateQueries({ queryKey: keys.values(importId) });
      client.invalidateQueries({ queryKey: keys.columns(importId) });
    },
  );
  const pages = Math.ceil((values.data?.total ?? 0) / PAGE);
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {file.name} · {plural(column.distinct, "different value")}. Change what a value becomes, and it
        changes in every row; the change is a step that you can undo.
      </Text>
      <TextInput
        aria-label="Search the values"
        placeholder="Search the values"
        leftSection={<IconSearch size={16} />}
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value);
          setPage(1);
        }}
        data-testid="value-search"
      />
      <ErrorNotice error={values.error} retry={() => values.refetch()} />
      <ErrorNotice error={map.failure} />
      {values.isPending && <Skeleton height={240} aria-hidden="true" />}
      {values.data?.total === 0 && (
        <EmptyState icon={<IconSearch size={26} />} title="No such value">
          No value of this column contains what you typed.
        </EmptyState>
      )}
      {values.data && values.data.total > 0 && (
        <table className={classes.values} aria-label={`Values of ${column.header}`}>
          <thead>
            <tr>
              <th>In the file</th>
              <th style={{ width: 72, textAlign: "right" }}>Rows</th>
              <th style={{ width: "50%" }}>Becomes</th>
            </tr>
          </thead>
          <tbody>
            {values.data.values.map((value) => (
              <ValueRow
                key={value.value}
                value={value}
                shown={shown}
                onSave={(to) => map.mutate({ from: value.value, to })}
              />
            ))}
          </tbody>
        </table>
      )}
      {pages > 1 && (
        <Group justify="center">
          <Pagination
            size="sm"
            total={pages}
            value={page}
            onChange={setPage}
            getControlProps={(control) => ({ "aria-label": `${control} page` })}
          />
        </Group>
      )}
      <ProgressPanel name={JOB} title="Mapping the value" floating />
    </Stack>
  );
}

/** The values of one column with their rows, and what each becomes. */
export function ValueDrawer({
  importId,
  shown,
  onClose,
}: {
  importId: number;
  shown: Shown | null;
  onClose: () => void;
}) {
  return (
    <Drawer
      opened={shown !== null}
      onClose={onClose}
      position="right"
      size={520}
      title={shown ? `Values of “${shown.column.header}”` : ""}
    >
      {shown && <Values importId={importId} shown={shown} />}
    </Drawer>
  );
}
