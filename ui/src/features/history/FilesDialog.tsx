import { Button, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { type ArchivedFile, type PushEntry, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { fileSize } from "../../components/format";
import { useJobMutation } from "../../components/jobs";
import { ProgressPanel } from "../../components/ProgressPanel";
import { keys } from "../../components/queryKeys";
import classes from "./FilesDialog.module.css";

/** Name of the work, for its progress. */
const SAVING = "archive-save";
/** How much of a SHA-256 tells two files apart for people. */
const SHORT = 12;

/** Where a file is kept. */
function where({ location }: ArchivedFile): string {
  return location === "database" ? "kept in the database" : `kept in ${location}`;
}

type FileProps = { file: ArchivedFile; busy: boolean; onSave: () => void };

function RawFile({ file, busy, onSave }: FileProps) {
  return (
    <li className={classes.row} data-testid={`raw-file-${file.name}`}>
      <div className={classes.words}>
        <Text fw={600}>{file.name}</Text>
        <Text size="sm" c="dimmed">
          {fileSize(file.size)} · <span title={file.sha256}>SHA-256 {file.sha256.slice(0, SHORT)}…</span> ·{" "}
          {where(file)}
        </Text>
      </div>
      <Button
        size="xs"
        variant="default"
        disabled={busy}
        onClick={onSave}
        aria-label={`Save the file as it came… (${file.name})`}
        data-testid={`raw-file-save-${file.name}`}
      >
        Save the file as it came…
      </Button>
    </li>
  );
}

function Files({ entry }: { entry: PushEntry }) {
  const api = useApi();
  const files = useQuery({
    queryKey: keys.archiveFiles(entry.id),
    queryFn: () => api.archiveFiles(entry.id),
    staleTime: 0,
  });
  const save = useJobMutation(
    SAVING,
    (file: ArchivedFile, job) => api.archiveSave(entry.id, file.sha256, job),
    (name) => {
      // null: the dialog was closed.
      if (name) notifications.show({ message: `Saved ${name}, as it came.`, autoClose: 4000 });
    },
  );
  return (
    <Stack>
      <ErrorNotice error={files.error} retry={() => files.refetch()} />
      {files.isPending && <Skeleton height={60} aria-hidden="true" />}
      {files.data?.length === 0 && <Text>No file was archived with this push.</Text>}
      {files.data && files.data.length > 0 && (
        <ul className={classes.list} aria-label={`Files of #${entry.id}`}>
          {files.data.map((file) => (
            <RawFile key={file.sha256} file={file} busy={save.isPending} onSave={() => save.mutate(file)} />
          ))}
        </ul>
      )}
      <ErrorNotice error={save.failure} />
      <ProgressPanel name={SAVING} title="Saving the file" />
    </Stack>
  );
}

/** The raw files that a push was made from, each to be saved as it came. */
export function FilesDialog({ entry, onClose }: { entry: PushEntry | null; onClose: () => void }) {
  return (
    <Modal opened={entry !== null} onClose={onClose} title={entry ? `Files of #${entry.id}` : ""} size="lg">
      {entry && <Files entry={entry} />}
    </Modal>
  );
}
