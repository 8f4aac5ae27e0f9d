import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type DriveItem, type DriveNotAdded, type DriveState, type ImportView, useApi } from "../../api";
import type { Picked } from "../../components/drive/DrivePicker";
import { useJobMutation } from "../../components/jobs";
import { keepImport, keys } from "../../components/queryKeys";

/** Files of the import that are in Google Drive: chosen, watched for changes, brought up to date. */
export function useDriveFiles(view: ImportView, job: string) {
  const api = useApi();
  const client = useQueryClient();
  const [notAdded, setNotAdded] = useState<{ notAdded: DriveNotAdded[]; items: DriveItem[] } | null>(null);
  const states = useQuery({
    queryKey: [...keys.driveStates(view.id), view.files.map((file) => file.sha256).join()],
    queryFn: () => api.driveStates(view.id, crypto.randomUUID()),
    enabled: view.files.some((file) => file.from_drive),
    // Somebody may have written to them since this screen was left, or another window was in front.
    refetchOnMount: "always",
    refetchOnWindowFocus: "always",
    retry: false,
  });
  const changed = (next: ImportView) => {
    keepImport(client, next, "files");
    client.invalidateQueries({ queryKey: keys.driveItems });
    client.invalidateQueries({ queryKey: keys.driveStates(view.id) });
  };
  const add = useJobMutation(
    job,
    ({ account, items }: Picked, id) =>
      api.driveAdd(
        view.id,
        account,
        items.map((item) => item.id),
        id,
      ),
    (added, { items }) => {
      changed(added.import);
      setNotAdded({ notAdded: added.not_added, items });
    },
  );
  const update = useJobMutation(
    job,
    (file: number, id) => api.driveUpdate(view.id, file, id),
    (next, file) => {
      client.removeQueries({ queryKey: keys.preview(view.id, file) });
      changed(next);
    },
  );
  const byFile = new Map<number, DriveState>(states.data?.map((state) => [state.file, state]));
  return { add, update, states: byFile, statesError: states.error, notAdded, again: () => states.refetch() };
}
