import { Select, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FilePreview, type FileView, type ReaderOptions, useApi } from "../../api";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNotice } from "../../components/ErrorNotice";
import { count, plural } from "../../components/format";
import { IconFile } from "../../components/icons";
import { LevelIcon } from "../../components/LevelIcon";
import { Private } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import { ScrollRegion } from "../../components/ScrollRegion";
import classes from "./FilesScreen.module.css";
import { readerChoices } from "./readerChoices";

function Options({
  preview,
  onChange,
}: {
  preview: FilePreview;
  onChange: (options: ReaderOptions) => void;
}) {
  return (
    <div className={classes.options}>
      {readerChoices(preview).map((choice) => (
        <Select
          key={choice.option}
          size="xs"
          label={choice.label}
          data={choice.data}
          value={choice.value}
          onChange={(value) => onChange(choice.apply(value))}
          searchable={choice.data.length > 8}
          data-testid={`option-${choice.option}`}
        />
      ))}
    </div>
  );
}

function Notes({ preview }: { preview: FilePreview }) {
  if (preview.issues.length === 0) return null;
  return (
    <ul className={classes.notes} aria-label="What was noticed in this file">
      {preview.issues.map((issue) => (
        <li key={`${issue.rule}-${issue.line}`}>
          <LevelIcon level={issue.level} />
          <span>
            {issue.label}
            {issue.line !== null && ` (line ${count(issue.line)}${issue.rows > 1 ? " and others" : ""})`}
            {`: ${plural(issue.rows, "row")}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Cells({ preview }: { preview: FilePreview }) {
  if (preview.header.length === 0) {
    return (
      <EmptyState icon={<IconFile size={26} />} title="Nothing to show">
        This file has no rows, or the header row lies behind its end. Try another header row.
      </EmptyState>
    );
  }
  return (
    <table className={classes.cells} aria-label={`First rows of ${preview.file.name}`}>
      <thead>
        <tr>
          <th className={classes.line} scope="col">
            Line
          </th>
          {preview.header.map((header, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a column has no other name; headers repeat
            <th key={index} scope="col" title={header}>
              {header || "(no name)"}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {preview.rows.map((row, at) => (
          <tr key={preview.lines[at] ?? at}>
            <th className={classes.line} scope="row">
              {preview.lines[at]}
            </th>
            {preview.header.map((_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <td key={index}>
                <Private value={row[index] ?? ""} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Loading() {
  return (
    <Stack p="lg" gap={10} aria-hidden="true">
      {[0, 1, 2, 3, 4, 5].map((line) => (
        <Skeleton key={line} height={24} />
      ))}
    </Stack>
  );
}

/** How one file is read, with its first rows as they come out. */
export function FilePreviewPanel({ importId, file }: { importId: number; file: FileView }) {
  const api = useApi();
  const client = useQueryClient();
  const key = keys.preview(importId, file.id);
  const preview = useQuery({ queryKey: key, queryFn: () => api.filePreview(importId, file.id) });
  const change = useMutation({
    mutationFn: (options: ReaderOptions) => api.fileSetOptions(importId, file.id, options),
    onSuccess: (next) => {
      client.setQueryData(key, next);
      // What hangs on the rows is read anew: columns, checked rows, the plan.
      for (const part of ["columns", "values", "staged", "fix", "plan"]) {
        client.removeQueries({ queryKey: ["import", importId, part] });
      }
      client.invalidateQueries({ queryKey: keys.import(importId), exact: true });
    },
  });
  return (
    <>
      <div className={classes.panelHead}>
        <Title order={2} className="one-line">
          {file.name}
        </Title>
        <Text size="sm" c="dimmed">
          Check that the first rows look right; if not, choose how the file is read.
        </Text>
        {preview.data && <Options preview={preview.data} onChange={(options) => change.mutate(options)} />}
        {preview.data && <Notes preview={preview.data} />}
      </div>
      <ScrollRegion className={classes.panelBody} label="First rows" testId="file-preview">
        {(preview.error || change.error) && (
          <Stack p="lg">
            <ErrorNotice error={preview.error} retry={() => preview.refetch()} />
            <ErrorNotice
              error={change.error}
              retry={() => change.variables && change.mutate(change.variables)}
            />
          </Stack>
        )}
        {preview.isPending && <Loading />}
        {preview.data && <Cells preview={preview.data} />}
      </ScrollRegion>
    </>
  );
}
