import { Alert, Center, Skeleton, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import {
  type ColumnView,
  type FileColumns,
  type FileView,
  type ImportView,
  type Target,
  useApi,
} from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { plural } from "../../components/format";
import { IconAlert } from "../../components/icons";
import { useJobQuery } from "../../components/jobs";
import { Page } from "../../components/Page";
import { ProgressPanel } from "../../components/ProgressPanel";
import { keys } from "../../components/queryKeys";
import { DateQuestion } from "./DateQuestion";
import { FileColumnTable } from "./FileColumnTable";
import { ValueDrawer } from "./ValueDrawer";

/** What must be settled before rows can be checked, in words. */
export function openQuestions(files: FileColumns[]): string | null {
  const dates = files.flatMap((file) => file.columns).filter((column) => column.date_order?.question).length;
  const missing = files.reduce((sum, file) => sum + file.missing.length, 0);
  if (dates === 0 && missing === 0) return null;
  const parts = [];
  if (dates > 0) parts.push(`${plural(dates, "date question")} to answer`);
  if (missing > 0) parts.push(`${plural(missing, "required field")} without a column`);
  return `Before you go on: ${parts.join(" and ")}.`;
}

function useColumnChanges(view: ImportView) {
  const api = useApi();
  const client = useQueryClient();
  const keep = (files: FileColumns[]) => {
    client.setQueryData(keys.columns(view.id), files);
    const byId = new Map(files.map(({ file }) => [file.id, file]));
    client.setQueryData<ImportView>(keys.import(view.id), (old) =>
      old
        ? { ...old, stale: true, files: old.files.map((file): FileView => byId.get(file.id) ?? file) }
        : old,
    );
    for (const key of [
      keys.staged(view.id),
      keys.fix(view.id),
      keys.people(view.id),
      keys.plan(view.id),
      keys.values(view.id),
    ]) {
      client.removeQueries({ queryKey: key });
    }
  };
  const target = useMutation({
    mutationFn: (to: { file: number; column: number; target: Target | null }) =>
      api.columnSetTarget(view.id, to.file, to.column, to.target),
    onSuccess: keep,
  });
  const order = useMutation({
    mutationFn: (to: { file: number; column: number; order: "day_month" | "month_day" | null }) =>
      api.columnSetDateOrder(view.id, to.file, to.column, to.order),
    onSuccess: keep,
  });
  return { target, order, error: target.error ?? order.error };
}

function Loading({ name }: { name: string }) {
  return (
    <>
      <ProgressPanel name={name} title="Looking at the columns" />
      <Stack gap={10} mt="lg" aria-hidden="true">
        {[0, 1, 2, 3, 4, 5, 6].map((line) => (
          <Skeleton key={line} height={44} />
        ))}
      </Stack>
    </>
  );
}

type Props = {
  view: ImportView /** why Next must wait, if it must */;
  onHold: (reason: string | null) => void;
};

/** Step 2: which of their columns fill which of our fields. */
export function ColumnsScreen({ view, onHold }: Props) {
  const api = useApi();
  const job = `columns-${view.id}`;
  const files = useJobQuery(job, keys.columns(view.id), (id) => api.columns(view.id, id));
  const changes = useColumnChanges(view);
  const [values, setValues] = useState<{ file: FileView; column: ColumnView } | null>(null);
  const hold = files.data ? openQuestions(files.data) : "The columns are still being looked at.";
  useEffect(() => onHold(hold), [hold, onHold]);
  const questions = (files.data ?? []).flatMap(({ file, columns }) =>
    columns.filter((column) => column.date_order?.question).map((column) => ({ file, column })),
  );
  return (
    <Page
      wide
      title="Columns"
      lead="Check what each of their columns is. Where Muster is sure, there is nothing to do."
    >
      <Stack gap="lg">
        <ErrorNotice error={files.error} retry={() => files.refetch()} />
        <ErrorNotice error={changes.error} />
        {files.isFetching && !files.data && <Loading name={job} />}
        {files.data && hold && (
          <Alert color="yellow" variant="light" icon={<IconAlert />} data-testid="columns-hold">
            <Text size="sm" fw={600}>
              {hold}
            </Text>
          </Alert>
        )}
        {questions.map(({ file, column }) => (
          <DateQuestion
            key={`${file.id}-${column.index}`}
            file={file}
            column={column}
            busy={changes.order.isPending}
            onAnswer={(order) => changes.order.mutate({ file: file.id, column: column.index, order })}
          />
        ))}
        {files.data?.map((fileColumns, index) => (
          <FileColumnTable
            key={fileColumns.file.id}
            index={index}
            fileColumns={fileColumns}
            onTarget={(column, target) =>
              changes.target.mutate({ file: fileColumns.file.id, column, target })
            }
            onOrder={(column, order) => changes.order.mutate({ file: fileColumns.file.id, column, order })}
            onValues={(column) => setValues({ file: fileColumns.file, column })}
          />
        ))}
        {files.data?.length === 0 && (
          <Center p="xl">
            <Text c="dimmed">There are no files in this import yet.</Text>
          </Center>
        )}
      </Stack>
      <ValueDrawer importId={view.id} shown={values} onClose={() => setValues(null)} />
    </Page>
  );
}
