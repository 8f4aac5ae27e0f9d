import { Button } from "@mantine/core";
import { type Driver, type ProfileTestStep, type ProfileView, useApi } from "../../../api";
import { StepTest } from "../../../components/StepTest";
import type { Doing } from "./ProfilesSection";

const STEPS: Record<Driver, { step: ProfileTestStep; label: string }[]> = {
  sqlite: [
    { step: "folder", label: "Folder" },
    { step: "file", label: "File" },
    { step: "schema", label: "Tables" },
  ],
  postgres: [
    { step: "name", label: "Name of the server" },
    { step: "network", label: "Network" },
    { step: "tls", label: "Encryption" },
    { step: "login", label: "Login" },
    { step: "permission", label: "Permissions" },
    { step: "schema", label: "Tables" },
  ],
};

type Props = { profile: ProfileView; onDo: (doing: Doing) => void; onClose: () => void };

/** Tries a profile step by step. */
export function TestDialog({ profile, onDo, onClose }: Props) {
  const api = useApi();
  return (
    <StepTest
      name={`test-${profile.name}`}
      title={`Test of ${profile.name}`}
      steps={STEPS[profile.driver]}
      test={(job) => api.profileTest(profile.name, job)}
      outcome={{ ok: "A push can go there. Nothing was written.", failed: "A push cannot go there yet." }}
      action={(report) =>
        report.steps.some((step) => step.step === "login" && step.state === "failed") && (
          <Button variant="default" onClick={() => onDo({ what: "secret", profile })}>
            Set password…
          </Button>
        )
      }
      onClose={onClose}
    />
  );
}
