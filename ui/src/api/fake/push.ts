import type { Fate, PlanRows, PlanView, ProfileInfo, PushEntry, PushReport } from "../bindings";
import type { FakeImport } from "./import";
import { countIssues } from "./rows";

/** The recipe's steps are part of a package: another step makes another package. */
function packageOf(found: FakeImport): string {
  const steps = found.operations.filter((op) => !op.undone).map((op) => op.id);
  return `package-${found.id}-${found.files.length}-${steps.join(".")}`;
}

const repeatOf = (found: FakeImport, history: PushEntry[]) =>
  history.find((push) => push.package === packageOf(found))?.id ?? null;

export function planCounts(found: FakeImport, profile: ProfileInfo, history: PushEntry[]): PlanView {
  const counts = found.counts();
  const repeat = repeatOf(found, history);
  const skips = Math.min(2, counts.clean);
  const insert = repeat === null ? counts.clean - skips : 0;
  const identical = repeat === null ? 1 : counts.clean - 1;
  return {
    profile,
    mode: "insert_new",
    sentence: `Adds ${insert} members, skips ${identical + 1}.`,
    counts: {
      insert,
      update: 0,
      skip_identical: identical,
      skip_different: 1,
      reject: counts.rejected,
      suspect: counts.suspect,
      excluded: counts.excluded,
    },
    package: packageOf(found),
    repeat_of: repeat,
  };
}

export function planRowsOf(found: FakeImport, fate: Fate, offset: number, limit: number): PlanRows {
  const clean = found.derived().filter((row) => row.class === "clean");
  const byFate: Record<Fate, typeof clean> = {
    insert: clean.slice(0, -2),
    skip_identical: clean.slice(-2, -1),
    skip_different: clean.slice(-1),
    reject: found.derived().filter((row) => row.class === "rejected"),
  };
  const reasons: Record<Fate, string> = {
    insert: "New",
    skip_identical: "Already there, the same",
    skip_different: "Already there, with other values",
    reject: "A family name is missing",
  };
  const rows = byFate[fate];
  return {
    total: rows.length,
    rows: rows.slice(offset, offset + limit).map((row) => ({
      row: row.source.row,
      file: found.file(row.source.file).name,
      line: row.source.line,
      fate,
      name: `${row.cells.given_name} ${row.cells.family_name}`,
      reason: reasons[fate],
      differences:
        fate === "skip_different" ? [{ field: "state" as const, theirs: "DC", ours: row.cells.state }] : [],
    })),
  };
}

export function reportOf(
  found: FakeImport,
  packageId: string,
  profile: ProfileInfo,
  history: PushEntry[],
): PushReport {
  const plan = planCounts(found, profile, history);
  const started = "2026-11-20T15:10:00Z";
  const finished = "2026-11-20T15:10:02Z";
  const report: PushReport = {
    push: plan.repeat_of ?? history.length + 1,
    package: packageId,
    profile,
    mode: "insert_new",
    started,
    finished,
    inserted: plan.counts.insert,
    updated: 0,
    skipped_identical: plan.counts.skip_identical,
    skipped_different: plan.counts.skip_different,
    rejected: plan.counts.reject,
    repeat_of: plan.repeat_of,
    issues: countIssues(found.derived()),
    counts: found.counts(),
  };
  if (plan.repeat_of === null) {
    found.pushed = finished;
    history.push({
      id: report.push,
      package: packageId,
      profile: profile.name,
      person: "sam",
      import_name: found.name,
      started,
      finished,
      inserted: report.inserted,
      updated: 0,
      skipped: report.skipped_identical + report.skipped_different,
      rejected: report.rejected,
    });
  }
  return report;
}
