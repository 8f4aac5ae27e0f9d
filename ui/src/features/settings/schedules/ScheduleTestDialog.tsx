import { type ScheduleTestStepName, type ScheduleView, useApi } from "../../../api";
import { StepTest } from "../../../components/StepTest";

const STEPS: { step: ScheduleTestStepName; label: string }[] = [
  { step: "time", label: "Time" },
  { step: "recipe", label: "Recipe" },
  { step: "files", label: "Files" },
  { step: "profile", label: "Profile" },
  { step: "secret", label: "Password or key" },
  { step: "plan", label: "Plan" },
];

/** Tries a schedule step by step, and tells what was done. */
export function ScheduleTestDialog({ schedule, onClose }: { schedule: ScheduleView; onClose: () => void }) {
  const api = useApi();
  return (
    <StepTest
      name={`schedule-test-${schedule.name}`}
      title={`Test of ${schedule.name}`}
      steps={STEPS}
      test={(job) => api.scheduleTest(schedule.name, job)}
      outcome={{ ok: "It can run. Nothing was pushed.", failed: "It cannot run yet." }}
      onClose={onClose}
    />
  );
}
