import { type ArchiveKind, type ArchiveTestStepName, useApi } from "../../../api";
import { StepTest } from "../../../components/StepTest";

type Steps = { step: ArchiveTestStepName; label: string }[];
const IN_FOLDER: Steps = [
  { step: "write", label: "Writing" },
  { step: "read", label: "Reading" },
];
const STEPS: Record<ArchiveKind, Steps> = {
  database: [{ step: "database", label: "The database" }],
  folder: IN_FOLDER,
  s3: [
    { step: "secret", label: "Secret of the key" },
    ...IN_FOLDER,
    { step: "overwrite", label: "Writing over it" },
  ],
};

/** Tries the archive step by step, and tells what was done. */
export function ArchiveTestDialog({ kind, onClose }: { kind: ArchiveKind; onClose: () => void }) {
  const api = useApi();
  return (
    <StepTest
      name="archive-test"
      title="Test of the archive"
      steps={STEPS[kind]}
      test={(job) => api.archiveTest(job)}
      outcome={{
        ok: "Files can be archived there.",
        failed: "Files cannot be archived there yet, so nothing would be pushed.",
      }}
      onClose={onClose}
    />
  );
}
