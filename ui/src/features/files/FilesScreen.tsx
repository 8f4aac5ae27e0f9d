import { Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type FileRole, type FileView, type ImportView, useApi } from "../../api";
import { useActions } from "../../components/actions";
import { DriveError } from "../../components/drive/DriveError";
import { DrivePicker } from "../../components/drive/DrivePicker";
import { NotAdded } from "../../components/drive/NotAdded";
import { ErrorNotice } from "../../components/ErrorNotice";
import { useJobMutation } from "../../components/jobs";
import { ProgressPanel } from "../../components/ProgressPanel";
import { keepImport } from "../../components/queryKeys";
import { DropZone } from "./DropZone";
import { FileList } from "./FileList";
import { FilePreviewPanel } from "./FilePreviewPanel";
import classes from "./FilesScreen.module.css";
import { RemoveFile } from "./RemoveFile";
import { useDriveFiles } from "./useDriveFiles";

const JOB = "files";

function useFileChanges(view: ImportView) {
  const api = useApi();
  const client = useQueryClient();
  const keep = (next: ImportView) => keepImport(client, next, "files");
  const pick = useJobMutation(JOB, (_: undefined, job) => api.filesPick(view.id, job), keep);
  const drop = useJobMutation(JOB, (token: string, job) => api.filesAddDropped(view.id, token, job), keep);
  const replace = useJobMutation(
    JOB,
    (file: FileView, job) => api.fileReplace(view.id, file.id, job),
    (next, file) => {
      client.removeQueries({ queryKey: ["import", view.id, "preview", file.id] });
      keep(next);
    },
  );
  const source = useMutation({
    mutationFn: (to: { file: number; source: string }) => api.fileSetSource(view.id, to.file, to.source),
    onSuccess: keep,
  });
  const role = useMutation({
    mutationFn: (to: { file: number; role: FileRole }) => api.fileSetRole(view.id, to.file, to.role),
    onSuccess: keep,
  });
  const error = pick.failure ?? drop.failure ?? replace.failure ?? source.error ?? role.error;
  return {
    pick,
    drop,
    replace,
    source,
    role,
    error,
    busy: pick.isPending || drop.isPending || replace.isPending,
  };
}

/** Files dropped on the window: the shell knows their paths and gives this screen only a token and names. */
function useDrops(onDrop: (token: string) => void): boolean {
  const api = useApi();
  const [over, setOver] = useState(false);
  useEffect(() => api.onDragOver((drag) => setOver(drag.over)), [api]);
  useEffect(
    () =>
      api.onFilesDropped((dropped) => {
        setOver(false);
        onDrop(dropped.token);
      }),
    [api, onDrop],
  );
  return over;
}

/** Step 1: which files, whose they are, and how they are read. */
export function FilesScreen({ view }: { view: ImportView }) {
  const changes = useFileChanges(view);
  const drive = useDriveFiles(view, JOB);
  const [picking, setPicking] = useState(false);
  const over = useDrops(changes.drop.mutate);
  const [selectedId, setSelectedId] = useState<number | null>(null);
  const [removing, setRemoving] = useState<FileView | null>(null);
  const selected = view.files.find((file) => file.id === selectedId) ?? view.files[0] ?? null;
  const choose = () => changes.pick.mutate(undefined);
  const busy = changes.busy || drive.add.isPending || drive.update.isPending;
  useActions([
    { id: "choose-files", label: "Choose files…", group: "This import", run: choose },
    {
      id: "choose-drive",
      label: "Choose lists from Google Drive…",
      group: "This import",
      run: () => setPicking(true),
    },
  ]);
  return (
    <div className={classes.screen}>
      <h1 className="visually-hidden">Files</h1>
      <div className={classes.files}>
        <Stack gap="md">
          <DropZone
            compact={view.files.length > 0}
            over={over}
            busy={busy}
            onChoose={choose}
            onDrive={() => setPicking(true)}
          />
          <ErrorNotice error={changes.error} />
          <DriveError error={drive.add.failure ?? drive.update.failure} retry={() => setPicking(true)} />
          {drive.notAdded && <NotAdded {...drive.notAdded} />}
          {view.files.length > 0 && (
            <FileList
              files={view.files}
              selected={selected?.id ?? null}
              onSelect={setSelectedId}
              onSource={(file, source) => changes.source.mutate({ file, source })}
              onRole={(file, role) => changes.role.mutate({ file, role })}
              onReplace={(file) => changes.replace.mutate(file)}
              onRemove={setRemoving}
              driveStates={drive.states}
              driveBusy={busy}
              onDriveUpdate={drive.update.mutate}
              onSignedIn={drive.again}
            />
          )}
        </Stack>
      </div>
      {selected && (
        <div className={classes.preview}>
          <FilePreviewPanel key={selected.id} importId={view.id} file={selected} />
        </div>
      )}
      <ProgressPanel name={JOB} title="Reading the files" floating />
      {picking && (
        <DrivePicker
          onClose={() => setPicking(false)}
          onPick={(picked) => {
            setPicking(false);
            drive.add.mutate(picked);
          }}
        />
      )}
      {removing && <RemoveFile importId={view.id} file={removing} onClose={() => setRemoving(null)} />}
    </div>
  );
}
