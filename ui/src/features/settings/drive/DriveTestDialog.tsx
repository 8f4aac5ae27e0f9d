import { useQueryClient } from "@tanstack/react-query";
import { type DriveAccount, type DriveTestStepName, useApi } from "../../../api";
import { ConnectDrive } from "../../../components/drive/ConnectDrive";
import { keys } from "../../../components/queryKeys";
import { StepTest } from "../../../components/StepTest";

const STEPS: { step: DriveTestStepName; label: string }[] = [
  { step: "client", label: "OAuth client" },
  { step: "sign_in", label: "Sign-in" },
  { step: "account", label: "Account" },
  { step: "my_drive", label: "My Drive" },
  { step: "shared_drives", label: "Shared drives" },
];

/** Tries an account step by step, and tells what was done. */
export function DriveTestDialog({ account, onClose }: { account: DriveAccount; onClose: () => void }) {
  const api = useApi();
  const client = useQueryClient();
  return (
    <StepTest
      name={`drive-test-${account.id}`}
      title={`Test of ${account.email || account.name}`}
      steps={STEPS}
      test={(job) => api.driveTest(account.id, job)}
      onTested={() => client.invalidateQueries({ queryKey: keys.driveAccounts })}
      outcome={{
        ok: "Lists can be imported from there. Nothing was changed.",
        failed: "It does not work yet.",
      }}
      notice={(report, again) =>
        report.code === "signed_out" && <ConnectDrive label="Sign in again" onConnected={again} />
      }
      onClose={onClose}
    />
  );
}
