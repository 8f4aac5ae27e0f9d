import { Button, Skeleton, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type ImportSummary, useApi } from "../../api";
import { useActions } from "../../components/actions";
import { ConfirmByName } from "../../components/ConfirmByName";
import { DriveError } from "../../components/drive/DriveError";
import { DrivePicker } from "../../components/drive/DrivePicker";
import { NotAdded } from "../../components/drive/NotAdded";
import { DRIVE_IMPORT_JOB, useDriveImport } from "../../components/drive/useDriveImport";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNotice } from "../../components/ErrorNotice";
import { plural } from "../../components/format";
import { IconImports, IconPlus, IconSparkle } from "../../components/icons";
import { useJobMutation } from "../../components/jobs";
import { Page } from "../../components/Page";
import { ProgressPanel } from "../../components/ProgressPanel";
import { keys } from "../../components/queryKeys";
import { ImportTable } from "./ImportTable";
import { RenameImport } from "./RenameImport";

const SAMPLE_JOB = "import-sample";

function useNewImport(onOpen: (id: number) => void) {
  const api = useApi();
  const client = useQueryClient();
  const opened = (id: number) => {
    client.invalidateQueries({ queryKey: keys.imports });
    onOpen(id);
  };
  const create = useMutation({
    mutationFn: () => api.importCreate(null),
    onSuccess: (view) => opened(view.id),
  });
  const sample = useJobMutation(
    SAMPLE_JOB,
    (_: undefined, job) => api.importCreateSample(job),
    (view) => opened(view.id),
  );
  return { create, sample, error: create.error ?? sample.failure };
}

function DeleteImport({ target, onClose }: { target: ImportSummary; onClose: () => void }) {
  const api = useApi();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: (typed: string) => api.importDelete(target.id, typed),
    onSuccess: () => {
      client.removeQueries({ queryKey: keys.import(target.id) });
      client.invalidateQueries({ queryKey: keys.imports });
      onClose();
    },
  });
  return (
    <ConfirmByName
      opened
      danger
      title={`Delete “${target.name}”?`}
      name={target.name}
      label="Name of the import"
      confirm="Delete import"
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={(typed) => remove.mutate(typed)}
    >
      Its {plural(target.files.length, "file")} and every step you made are removed from Muster. Members that
      were already pushed stay in the database, and your own files stay where they are.
    </ConfirmByName>
  );
}

type Start = { start: ReturnType<typeof useNewImport>; onDrive: () => void; driveBusy: boolean };

function FirstStart({ start, onDrive, driveBusy }: Start) {
  return (
    <EmptyState
      icon={<IconImports size={28} />}
      title="Bring your clubs’ member lists together"
      actions={
        <>
          <Button
            size="md"
            leftSection={<IconPlus />}
            loading={start.create.isPending}
            onClick={() => start.create.mutate()}
            data-testid="new-import"
          >
            Start a new import
          </Button>
          <Button
            size="md"
            variant="default"
            loading={driveBusy}
            onClick={onDrive}
            data-testid="new-from-drive"
          >
            Import from Google Drive…
          </Button>
          <Button
            size="md"
            variant="default"
            leftSection={<IconSparkle />}
            loading={start.sample.isPending}
            onClick={() => start.sample.mutate(undefined)}
            data-testid="try-sample"
          >
            Try it with sample lists
          </Button>
        </>
      }
    >
      Muster reads the member lists of many clubs, shows what is wrong with them, helps you fix it, and puts
      the clean records into one database that you can trust.
    </EmptyState>
  );
}

function Loading() {
  return (
    <Stack gap={10} aria-hidden="true">
      {[0, 1, 2, 3].map((line) => (
        <Skeleton key={line} height={52} />
      ))}
    </Stack>
  );
}

/** Home: the imports, and the ways to start one. */
export function ImportsScreen({ onOpen }: { onOpen: (id: number) => void }) {
  const api = useApi();
  const list = useQuery({ queryKey: keys.imports, queryFn: () => api.importList() });
  const start = useNewImport(onOpen);
  const drive = useDriveImport(onOpen);
  const [renaming, setRenaming] = useState<ImportSummary | null>(null);
  const [deleting, setDeleting] = useState<ImportSummary | null>(null);
  useActions([
    { id: "new-import", label: "New import", group: "Imports", run: () => start.create.mutate() },
    { id: "new-from-drive", label: "Import from Google Drive…", group: "Imports", run: drive.open },
    {
      id: "try-sample",
      label: "Try it with sample lists",
      group: "Imports",
      run: () => start.sample.mutate(undefined),
    },
  ]);
  const isEmpty = list.data?.length === 0;
  return (
    <Page
      title="Imports"
      lead={
        isEmpty
          ? undefined
          : "Each import keeps its files and every step you made; open it where you left it."
      }
      actions={
        list.data && !isEmpty ? (
          <>
            <Button
              variant="default"
              leftSection={<IconSparkle size={16} />}
              loading={start.sample.isPending}
              onClick={() => start.sample.mutate(undefined)}
              data-testid="try-sample"
            >
              Try sample lists
            </Button>
            <Button
              variant="default"
              loading={drive.start.isPending}
              onClick={drive.open}
              data-testid="new-from-drive"
            >
              From Google Drive…
            </Button>
            <Button
              leftSection={<IconPlus size={16} />}
              loading={start.create.isPending}
              onClick={() => start.create.mutate()}
              data-testid="new-import"
            >
              New import
            </Button>
          </>
        ) : undefined
      }
    >
      <Stack>
        <ErrorNotice error={start.error} />
        <DriveError error={drive.start.failure} retry={drive.open} />
        {drive.notAdded && <NotAdded {...drive.notAdded} />}
        <ErrorNotice error={list.error} retry={() => list.refetch()} />
        {list.isPending && <Loading />}
        {isEmpty && <FirstStart start={start} onDrive={drive.open} driveBusy={drive.start.isPending} />}
        {list.data && !isEmpty && (
          <ImportTable imports={list.data} onOpen={onOpen} onRename={setRenaming} onDelete={setDeleting} />
        )}
      </Stack>
      <ProgressPanel name={SAMPLE_JOB} title="Making the sample import" floating />
      <ProgressPanel name={DRIVE_IMPORT_JOB} title="Fetching from Google Drive" floating />
      {drive.picking && <DrivePicker onPick={drive.pick} onClose={drive.close} />}
      {renaming && <RenameImport target={renaming} onClose={() => setRenaming(null)} />}
      {deleting && <DeleteImport target={deleting} onClose={() => setDeleting(null)} />}
    </Page>
  );
}
