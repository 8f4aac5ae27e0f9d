import type {
  Fate,
  PlannedStatement,
  PlanRows,
  PlanView,
  ProfileInfo,
  PushChoice,
  PushEntry,
  PushReport,
  UndoReport,
  UserError,
} from "../bindings";
import type { FakeImport } from "./import";
import { countIssues } from "./rows";
import { previewScores } from "./scores";

/** The recipe's steps and the mode are part of a package: another step makes another package. */
function packageOf(found: FakeImport, how: PushChoice): string {
  const steps = found.operations.filter((op) => !op.undone).map((op) => op.id);
  const { unify, settings } = found.scores;
  const scores = unify ? JSON.stringify(settings) : "";
  return `package-${found.id}-${found.files.length}-${steps.join(".")}-${how.mode}-${how.remove_missing}${scores}`;
}

const repeatOf = (found: FakeImport, how: PushChoice, history: PushEntry[]) =>
  history.find((push) => push.package === packageOf(found, how) && !push.undone)?.id ?? null;

export function planCounts(
  found: FakeImport,
  how: PushChoice,
  profile: ProfileInfo,
  history: PushEntry[],
): PlanView {
  const counts = found.counts();
  const repeat = repeatOf(found, how, history);
  const updates = how.mode === "insert-new" || repeat !== null ? 0 : 1;
  const skips = Math.min(2, counts.clean);
  const insert = repeat === null ? counts.clean - skips : 0;
  const identical = repeat === null ? 1 : counts.clean - 1;
  return {
    profile,
    mode: how.mode,
    sentence: updates
      ? `Adds ${insert} members, changes 1, skips ${identical}`
      : `Adds ${insert} members, skips ${identical + 1}`,
    counts: {
      insert,
      joins: 0,
      merges: 0,
      members_written: updates,
      update: updates,
      skip_identical: identical,
      skip_different: 1 - updates,
      conflict: 0,
      remove: how.mode === "mirror" ? 2 : 0,
      reject: counts.rejected,
      suspect: counts.suspect,
      excluded: counts.excluded,
    },
    impact: updates
      ? [{ field: "state" as const, changes: 1, overwrites: 1, members: 2, warn: how.mode === "mirror" }]
      : [],
    scores: found.scores.unify && repeat === null ? previewScores(found, found.scores.settings).counts : null,
    package: packageOf(found, how),
    repeat_of: repeat,
  };
}

/** The statements that matter most to whoever looks. */
export function statementsOf({ counts }: PlanView): PlannedStatement[] {
  const members =
    "INSERT INTO member (id, given_name, family_name)\nSELECT $3 + planned.row_id FROM planned\n";
  const all = [
    {
      purpose: "Bring the planned rows",
      sql: "COPY planned FROM STDIN",
      rows: counts.insert + counts.update,
    },
    {
      purpose: "Add clubs",
      sql: "INSERT INTO club (name) SELECT DISTINCT source FROM planned_file",
      rows: null,
    },
    { purpose: "Add members", sql: members, rows: counts.insert },
    { purpose: "Make all of it visible at once", sql: "COMMIT", rows: null },
  ];
  return counts.insert > 0 ? all : all.filter((statement) => statement.rows !== 0);
}

export function planRowsOf(found: FakeImport, fate: Fate, offset: number, limit: number): PlanRows {
  const clean = found.derived().filter((row) => row.class === "clean");
  const byFate: Record<Fate, typeof clean> = {
    insert: clean.slice(0, -2),
    skip_identical: clean.slice(-2, -1),
    skip_different: clean.slice(-1),
    reject: found.derived().filter((row) => row.class === "rejected"),
    update: clean.slice(-1),
    conflict: [],
    remove: clean.slice(0, 2),
  };
  const reasons: Record<Fate, string> = {
    insert: "New",
    skip_identical: "Already there, the same",
    skip_different: "Already there, with other values",
    reject: "A family name is missing",
    update: "Already in the database; these details change",
    conflict: "Same member as line 3 of the same file, with other details",
    remove: "The list of the club does not have them any more",
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
        fate === "skip_different" || fate === "update"
          ? [{ field: "state" as const, theirs: "DC", ours: row.cells.state }]
          : [],
    })),
  };
}

export function reportOf(
  found: FakeImport,
  how: PushChoice,
  packageId: string,
  profile: ProfileInfo,
  history: PushEntry[],
): PushReport {
  const plan = planCounts(found, how, profile, history);
  const started = "2026-11-20T15:10:00Z";
  const finished = "2026-11-20T15:10:02Z";
  const report: PushReport = {
    push: plan.repeat_of ?? history.length + 1,
    package: packageId,
    profile,
    mode: how.mode,
    started,
    finished,
    inserted: plan.counts.insert,
    joined: plan.counts.joins,
    merged: plan.counts.merges,
    updated: plan.counts.update,
    skipped_identical: plan.counts.skip_identical,
    skipped_different: plan.counts.skip_different,
    conflicts: 0,
    removed: how.remove_missing ? plan.counts.remove : 0,
    rejected: plan.counts.reject,
    repeat_of: plan.repeat_of,
    scores: plan.scores,
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
      updated: report.updated,
      removed: report.removed,
      kind: "push",
      mode: how.mode,
      undone: null,
      undoes: null,
      skipped: report.skipped_identical + report.skipped_different,
      rejected: report.rejected,
    });
  }
  return report;
}

/** Takes back an entry; a dry run changes nothing. */
export function undoOf(history: PushEntry[], id: number, dryRun: boolean): UndoReport {
  const entry = history.find((push) => push.id === id);
  if (!entry || entry.undone) {
    throw { code: "refused", message: "This was undone already", help: null } satisfies UserError;
  }
  const report: UndoReport = {
    push: id,
    undo: dryRun ? null : history.length + 1,
    removed: entry.inserted,
    restored: entry.updated,
    brought_back: entry.removed,
    kept: 1,
    scores_restored: 0,
    scores_kept: 0,
    kept_members: [{ member: 7, name: "Ann Lee", changed_by: 2 }],
  };
  if (dryRun) return report;
  entry.undone = "2026-11-20T16:00:00Z";
  history.push({
    ...entry,
    id: history.length + 1,
    kind: "undo",
    undone: null,
    undoes: id,
    inserted: report.brought_back,
    updated: report.restored,
    removed: report.removed,
    skipped: 0,
    rejected: 0,
    package: `undo-${id}`,
  });
  return report;
}
