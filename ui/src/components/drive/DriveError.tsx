import { Stack } from "@mantine/core";
import { ErrorNotice } from "../ErrorNotice";
import { asUserError } from "../errors";
import { ConnectDrive } from "./ConnectDrive";

/** What went wrong with Google Drive; where the sign-in is over, with a way to sign in again. */
export function DriveError({ error, retry }: { error: unknown; retry: () => void }) {
  if (!error) return null;
  if (asUserError(error).code !== "signed_out") return <ErrorNotice error={error} retry={retry} />;
  return (
    <Stack gap="sm">
      <ErrorNotice error={error} />
      <ConnectDrive label="Sign in again" onConnected={retry} />
    </Stack>
  );
}
