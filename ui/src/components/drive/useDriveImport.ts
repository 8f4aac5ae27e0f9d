import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type DriveItem, type DriveNotAdded, useApi } from "../../api";
import { useJobMutation } from "../jobs";
import { keys } from "../queryKeys";
import type { Picked } from "./DrivePicker";

/** The name of the job that fetches the files of a new import. */
export const DRIVE_IMPORT_JOB = "drive-import";

/** Starts an import with lists from Google Drive. */
export function useDriveImport(onOpen: (id: number) => void) {
  const api = useApi();
  const client = useQueryClient();
  const [picking, setPicking] = useState(false);
  const [notAdded, setNotAdded] = useState<{ notAdded: DriveNotAdded[]; items: DriveItem[] } | null>(null);
  const start = useJobMutation(
    DRIVE_IMPORT_JOB,
    async ({ account, items }: Picked, job) => {
      const { id, name } = await api.importCreate(null);
      const files = items.map((item) => item.id);
      try {
        return await api.driveAdd(id, account, files, job);
      } catch (reason) {
        // Nothing is left of an import that was cancelled or could not begin.
        const { files: there } = await api.importOpen(id);
        if (there.length === 0) await api.importDelete(id, name);
        throw reason;
      } finally {
        client.invalidateQueries({ queryKey: keys.imports });
      }
    },
    (added, { items }) => {
      client.invalidateQueries({ queryKey: keys.driveItems });
      setNotAdded({ notAdded: added.not_added, items });
      if (added.not_added.length === 0) onOpen(added.import.id);
    },
  );
  const pick = (picked: Picked) => {
    setPicking(false);
    start.mutate(picked);
  };
  return { picking, open: () => setPicking(true), close: () => setPicking(false), pick, start, notAdded };
}
