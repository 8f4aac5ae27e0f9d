import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../../api";
import { keys } from "../../../components/queryKeys";

/** The archive of the settings. */
export function useArchive() {
  const api = useApi();
  return useQuery({ queryKey: keys.archive, queryFn: () => api.archive() });
}

/** Whether the secret of its key is in the keychain; asked for S3 only. */
export function useArchiveSecret(isS3: boolean) {
  const api = useApi();
  return useQuery({ queryKey: keys.archiveSecret, queryFn: () => api.archiveHasSecret(), enabled: isS3 });
}
