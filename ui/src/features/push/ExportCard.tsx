import { Button, Checkbox, Group, Paper, Text, Title } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type ExportFormat, type ExportReport, useApi } from "../../api";
import { useActions } from "../../components/actions";
import { ErrorNotice } from "../../components/ErrorNotice";
import { fileSize, plural } from "../../components/format";
import { IconDownload, IconSave } from "../../components/icons";
import { useJobMutation } from "../../components/jobs";
import { ProgressPanel } from "../../components/ProgressPanel";
import classes from "./Push.module.css";

function Exported({ report }: { report: ExportReport }) {
  return (
    <div role="status" data-testid="export-report">
      <Text size="sm" mt="md">
        Saved in <b>{report.folder}</b>
      </Text>
      <ul className={classes.files}>
        {report.files.map((file) => (
          <li key={file.name}>
            <span className="one-line">{file.name}</span>
            <span className="numeric">{plural(file.rows, "row")}</span>
            <span className="numeric">{fileSize(file.size)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The import as files, with or without a push; and the report of a push. */
export function ExportCard({ importId, reported }: { importId: number; reported: boolean }) {
  const api = useApi();
  const job = `export-${importId}`;
  const [formats, setFormats] = useState<ExportFormat[]>(["csv"]);
  const [exported, setExported] = useState<ExportReport | null>(null);
  const run = useJobMutation(
    job,
    (_: undefined, id) => api.exportFiles(importId, formats, id),
    (report) => {
      // null: the folder dialog was closed.
      if (report) setExported(report);
    },
  );
  const save = useMutation({
    mutationFn: () => api.reportSave(importId),
    onSuccess: (name) => name && notifications.show({ message: `Saved ${name}.`, autoClose: 4000 }),
  });
  const canExport = formats.length > 0;
  useActions([
    ...(canExport
      ? [{ id: "export", label: "Export files…", group: "Push", run: () => run.mutate(undefined) }]
      : []),
    ...(reported
      ? [{ id: "report-save", label: "Save report…", group: "Push", run: () => save.mutate() }]
      : []),
  ]);
  return (
    <Paper withBorder p="lg" component="section" aria-label="Files">
      <Title order={2}>Files</Title>
      <Text size="sm" c="dimmed" mb="md">
        Clean, suspect and rejected rows as files, with or without a push.
      </Text>
      <Checkbox.Group
        value={formats}
        onChange={(chosen) => setFormats(chosen as ExportFormat[])}
        aria-label="Formats"
      >
        <Group gap="lg">
          <Checkbox value="csv" label="CSV" data-testid="export-csv" />
          <Checkbox value="xlsx" label="Excel (XLSX)" data-testid="export-xlsx" />
        </Group>
      </Checkbox.Group>
      <Group gap="sm" mt="md">
        <Button
          variant="default"
          leftSection={<IconDownload size={16} />}
          disabled={!canExport}
          loading={run.isPending}
          onClick={() => run.mutate(undefined)}
          data-testid="export-button"
        >
          Export files…
        </Button>
        {reported && (
          <Button
            variant="default"
            leftSection={<IconSave size={16} />}
            loading={save.isPending}
            onClick={() => save.mutate()}
            data-testid="report-save"
          >
            Save report…
          </Button>
        )}
      </Group>
      {exported && <Exported report={exported} />}
      <ErrorNotice error={run.failure ?? save.error} />
      <ProgressPanel name={job} title="Writing the files" floating />
    </Paper>
  );
}
