import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type DriveAccount, useApi } from "../../api";
import { useJobMutation } from "../jobs";
import { keys } from "../queryKeys";

/** The name of the job that waits for the browser. */
export const CONNECT_JOB = "drive-connect";

/** Whether Google Drive is set up, and as which OAuth client. */
export function useDriveClient() {
  const api = useApi();
  return useQuery({ queryKey: keys.driveClient, queryFn: () => api.driveClient(), retry: false });
}

/** The Google accounts that are connected. */
export function useDriveAccounts() {
  const api = useApi();
  return useQuery({ queryKey: keys.driveAccounts, queryFn: () => api.driveAccounts(), retry: false });
}

/** Lets the person sign in with the browser. */
export function useConnectDrive(done?: (account: DriveAccount) => void) {
  const api = useApi();
  const client = useQueryClient();
  return useJobMutation(
    CONNECT_JOB,
    (_: undefined, job) => api.driveConnect(job),
    (account) => {
      client.invalidateQueries({ queryKey: keys.drive });
      done?.(account);
    },
  );
}
