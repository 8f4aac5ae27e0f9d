import type {
  FoundRule,
  PlanCounts,
  PushEntry,
  RejectCell,
  RejectFilter,
  RejectPage,
  RejectRow,
  RejectView,
  ReplayChoice,
  ReplayPlan,
  ReplayReport,
  ReplayRow,
  Target,
  UserError,
} from "../bindings";
import { FakeArchive } from "./archive";

const refused = (message: string, help: string | null = null): UserError => ({
  code: "refused",
  message,
  help,
});
const NOT_FOUND: UserError = { code: "not_found", message: "This row does not exist any more", help: null };

const BIRTH: FoundRule = {
  rule: "unreadable_date",
  label: "Unreadable date",
  help: "The text is not a date. Type it as YYYY-MM-DD.",
  error: true,
};
const SURPLUS: FoundRule = {
  rule: "surplus_cells",
  label: "More cells than columns",
  help: "The row has more values than the header has columns, so values may stand in the wrong column.",
  error: true,
};
const NAMELESS: FoundRule = {
  rule: "missing_name",
  label: "No name",
  help: "A member needs a given or a family name. Type it, or exclude the row.",
  error: true,
};
const DIFFERS: FoundRule = {
  rule: "skip_different",
  label: "In the database already, with other details",
  help: "Replay it with the mode fill-blanks or update, edit the member, or dismiss the row.",
  error: false,
};
const NO_COUNTS: PlanCounts = {
  insert: 0,
  joins: 0,
  merges: 0,
  members_written: 0,
  update: 0,
  skip_identical: 0,
  skip_different: 0,
  conflict: 0,
  reject: 0,
  suspect: 0,
  excluded: 0,
  remove: 0,
};

const COLUMNS: [header: string, target: Target | null][] = [
  ["name", "full_name"],
  ["born", "birth_date"],
  ["state", "state"],
  ["shoe size", null],
];
const LINES: [line: number, cells: string[]][] = [
  [7, ["Ines Hart", "next week", "TX", "38"]],
  [12, ["Silva", "Omar", "1971-02-03", "NY", "44"]],
  [30, ["", "1980-05-06", "CA", "41"]],
  [31, ["Grace Lee", "1963-01-09", "WA", "39"]],
];

/** What is wrong with the cells as they stand. */
function check(view: RejectView) {
  const filled = view.cells.filter((cell) => cell.header.startsWith("column ") && cell.value.trim() !== "");
  view.issues = filled.length > 0 ? [SURPLUS] : [];
  for (const cell of view.cells) {
    cell.issues = [];
    if (cell.target === "birth_date" && !/^\d{4}-\d{2}-\d{2}$/.test(cell.value)) cell.issues = [BIRTH];
    if (cell.target === "full_name" && cell.value.trim() === "") view.issues.push(NAMELESS);
  }
  const faulty = view.issues.length > 0 || view.cells.some((cell) => cell.issues.length > 0);
  view.class = faulty ? "rejected" : "clean";
}

function reasonsOf(view: RejectView): FoundRule[] {
  if (view.outcome) return [view.outcome];
  return [...view.issues, ...view.cells.flatMap((cell) => cell.issues)];
}

const nameOf = (view: RejectView) => view.cells.find((cell) => cell.target === "full_name")?.value ?? "";

/** The reject inbox of the fake backend. Line 31 is of somebody who is in the database already. */
export abstract class FakeRejects extends FakeArchive {
  private rejects: RejectView[] = [];
  protected abstract history: PushEntry[];

  protected fillRejects() {
    this.rejects = LINES.map(([line, cells], at) => {
      const width = Math.max(COLUMNS.length, cells.length);
      const view: RejectView = {
        id: at + 1,
        version: 0,
        state: "open",
        file: "unity_golf_club.csv",
        source: "Unity Golf Club",
        line,
        push: 1,
        import_name: "Autumn lists",
        refused: "2026-09-01T08:00:00.000Z",
        raw_line: cells.join(","),
        cells: Array.from({ length: width }, (_, column): RejectCell => {
          const [header, target] = COLUMNS[column] ?? [`column ${column + 1}`, null];
          const original = cells[column] ?? "";
          return { header, target, original, value: original, issues: [] };
        }),
        issues: [],
        fixed: false,
        class: "rejected",
        replayable: true,
        outcome: line === 31 ? DIFFERS : null,
        replayed_by: null,
        dismissed: null,
      };
      check(view);
      return view;
    });
  }

  private row(id: number): RejectView {
    const found = this.rejects.find((row) => row.id === id);
    if (!found) throw NOT_FOUND;
    return found;
  }

  private isIn(filter: RejectFilter) {
    return (row: RejectView) => filter === "all" || row.state === filter;
  }

  async rejectsOpen(): Promise<number> {
    await this.ready("rejectsOpen");
    return this.rejects.filter(this.isIn("open")).length;
  }

  async rejectsList(filter: RejectFilter, offset: number, limit: number): Promise<RejectPage> {
    await this.ready("rejectsList");
    const found = this.rejects.filter(this.isIn(filter));
    const open = this.rejects.filter(this.isIn("open"));
    return structuredClone({
      total: found.length,
      open: open.length,
      fixed: open.filter((row) => row.fixed).length,
      rows: found.slice(offset, offset + limit).map(
        (row): RejectRow => ({
          id: row.id,
          state: row.state,
          file: row.file,
          source: row.source,
          line: row.line,
          reasons: reasonsOf(row),
          push: row.push,
          import_name: row.import_name,
          refused: row.refused,
          fixed: row.fixed,
          replayed_by: row.replayed_by,
        }),
      ),
    });
  }

  async rejectShow(rejectId: number): Promise<RejectView> {
    await this.ready("rejectShow");
    return structuredClone(this.row(rejectId));
  }

  async rejectFix(rejectId: number, version: number, cells: string[], job: string): Promise<RejectView> {
    await this.work("rejectFix", job, "Saving", 1);
    const row = this.row(rejectId);
    if (row.version !== version) {
      throw refused(
        "Somebody else changed this row after you opened it",
        "Nothing was saved. Open the row again and look at what they did.",
      );
    }
    row.cells.forEach((cell, at) => {
      cell.value = cells[at] ?? "";
    });
    row.version += 1;
    row.fixed = true;
    check(row);
    return structuredClone(row);
  }

  /** As if somebody else had saved the row meanwhile. */
  fixedByAnother(rejectId: number, header: string, value: string) {
    const row = this.row(rejectId);
    for (const cell of row.cells) if (cell.header === header) cell.value = value;
    row.version += 1;
    row.fixed = true;
    check(row);
  }

  async rejectDismiss(rejectId: number, dismissed: boolean, job: string): Promise<RejectView> {
    await this.work("rejectDismiss", job, "Saving", 1);
    const row = this.row(rejectId);
    row.state = dismissed ? "dismissed" : "open";
    row.dismissed = dismissed ? "2026-11-20T15:00:00.000Z" : null;
    row.version += 1;
    return structuredClone(row);
  }

  private planned(choice: ReplayChoice): ReplayPlan {
    const chosen = this.rejects.filter(
      (row) => row.state === "open" && (choice.ids.includes(row.id) || (choice.all_fixed && row.fixed)),
    );
    const mode = choice.mode ?? "insert-new";
    const rows = chosen.map((row): ReplayRow => {
      const there = row.line === 31;
      const outcome =
        row.class !== "clean"
          ? "reject"
          : there
            ? mode === "insert-new"
              ? "skip_different"
              : "update"
            : "insert";
      const reasons = [...row.issues, ...row.cells.flatMap((cell) => cell.issues)].map(
        (found) => found.label,
      );
      const why = { insert: "New", update: "Already in the database; these details change" };
      return {
        reject: row.id,
        file: row.file,
        line: row.line,
        name: nameOf(row),
        outcome,
        taken: outcome === "insert" || outcome === "update",
        reason: outcome in why ? why[outcome as keyof typeof why] : reasons.join(", ") || DIFFERS.label,
        differences: there && row.class === "clean" ? [{ field: "state", theirs: "OR", ours: "WA" }] : [],
      };
    });
    rows.sort((one, other) => Number(one.taken) - Number(other.taken));
    const of = (outcome: string) => rows.filter((row) => row.outcome === outcome).length;
    const taken = rows.filter((row) => row.taken).length;
    return {
      plan: JSON.stringify([rows, this.activeProfile().name, mode]),
      profile: this.activeProfile(),
      mode,
      sentence: `Adds ${of("insert")} members`,
      counts: {
        ...NO_COUNTS,
        insert: of("insert"),
        update: of("update"),
        skip_different: of("skip_different"),
        reject: of("reject"),
      },
      taken,
      stay: rows.length - taken,
      rows,
    };
  }

  async replayPlan(choice: ReplayChoice, job: string): Promise<ReplayPlan> {
    await this.work("replayPlan", job, "Comparing with the database", 4);
    return structuredClone(this.planned(choice));
  }

  async replay(
    choice: ReplayChoice,
    plan: string,
    confirmed: string | null,
    job: string,
  ): Promise<ReplayReport> {
    const { environment, name } = this.activeProfile();
    if (environment === "prod" && confirmed !== name) throw refused("The replay was not confirmed.");
    await this.work("replay", job, "Writing to the database", 4);
    const made = this.planned(choice);
    if (made.plan !== plan)
      throw refused("The rows or the database have changed since you looked at this plan");
    const push = this.history.length + 1;
    for (const planned of made.rows) {
      const row = this.row(planned.reject);
      row.version += 1;
      row.outcome = planned.outcome === "skip_different" ? DIFFERS : null;
      if (planned.taken) Object.assign(row, { state: "replayed", replayed_by: push });
    }
    const { insert, update, reject } = made.counts;
    this.history.push({
      id: push,
      package: `replay-${push}`,
      profile: name,
      person: "sam",
      import_name: "Rejects of Autumn lists",
      started: "2026-11-20T15:10:00Z",
      finished: "2026-11-20T15:10:01Z",
      inserted: insert,
      updated: update,
      removed: 0,
      kind: "push",
      mode: made.mode,
      undone: null,
      undoes: null,
      skipped: made.counts.skip_different,
      rejected: reject,
    });
    return structuredClone({
      push,
      profile: made.profile,
      mode: made.mode,
      inserted: insert,
      updated: update,
      already_there: 0,
      stay: made.stay,
      refused: reject,
      repeat_of: null,
      rows: made.rows,
    });
  }

  /** What the undo of a replay does to the inbox. */
  protected openAgain(push: number) {
    for (const row of this.rejects) {
      if (row.replayed_by === push)
        Object.assign(row, { state: "open", replayed_by: null, version: row.version + 1 });
    }
  }
}
