import type {
  PickedPath,
  Problem,
  ScheduleInput,
  ScheduleTestStepName,
  ScheduleView,
  TestedSteps,
  TimerReport,
  UserError,
} from "../bindings";
import { FakeLogs } from "./logs";

const NIGHTLY: ScheduleView = {
  name: "nightly",
  recipe: "/home/pat/lists/recipe.yml",
  profile: "staging",
  environment: "staging",
  daily: "02:30",
  weekly: ["monday", "thursday"],
  out: null,
  paused: false,
  os_timer: false,
  next: "2026-11-30T02:30:00+01:00",
  last: {
    started: "2026-11-26T01:30:02.000Z",
    finished: "2026-11-26T01:30:09.000Z",
    exit_code: 3,
    told: "480 rows read; 12 inserted, 0 updated, 467 as they were; 1 rejected",
    note: null,
  },
};
const STEPS: [ScheduleTestStepName, string][] = [
  ["time", "It runs next on Monday 30 November 2026, 02:30 CET, if the app is open then"],
  ["recipe", "The recipe was read; it names 3 files"],
  ["files", "3 files on this machine can be read"],
  ["profile", "staging (staging): muster_importer@staging.example.org:5432/members"],
  ["secret", "What opens the database was fetched from where a run fetches it"],
  ["plan", "480 rows read; a push would insert 12, update 0 and refuse 1. Nothing was pushed"],
];

/** The schedules of the fake backend: one, on a staging profile without a password. */
export abstract class FakeSchedules extends FakeLogs {
  private schedules = new Map<string, ScheduleView>([["nightly", structuredClone(NIGHTLY)]]);
  private picked = new Map<string, string>();

  private schedule(name: string): ScheduleView {
    const found = this.schedules.get(name);
    if (!found) throw { code: "not_found", message: "There is no schedule of that name.", help: null };
    return found;
  }

  private pick(path: string): PickedPath {
    const token = `picked-${this.picked.size}`;
    this.picked.set(token, path);
    return { token, path };
  }

  private put(name: string, input: ScheduleInput): ScheduleView {
    const former = this.schedules.get(name);
    const path = (token: string | null) => (token ? (this.picked.get(token) ?? null) : null);
    const view: ScheduleView = {
      ...NIGHTLY,
      last: null,
      ...former,
      name,
      profile: input.profile,
      environment: this.environmentOf(input.profile),
      daily: input.daily,
      weekly: input.weekly,
      recipe: path(input.recipe) ?? former?.recipe ?? "",
      out: path(input.out) ?? (input.keep_out ? (former?.out ?? null) : null),
    };
    if (view.environment === "prod" && input.confirmed !== input.profile) {
      const message = `${input.profile} is a prod profile and the push was not confirmed`;
      throw { code: "refused", message, help: "Type the profile's name to confirm." } satisfies UserError;
    }
    this.schedules.set(name, view);
    return structuredClone(view);
  }

  async scheduleList() {
    await this.ready("scheduleList");
    return structuredClone([...this.schedules.values()]);
  }
  async schedulePickRecipe() {
    await this.ready("schedulePickRecipe");
    return this.pick("/home/pat/lists/spring.yml");
  }
  async schedulePickFolder() {
    await this.ready("schedulePickFolder");
    return this.pick("/home/pat/results");
  }
  async scheduleCheck(name: string, input: ScheduleInput, isNew: boolean) {
    await this.ready("scheduleCheck");
    const problems: Problem[] = [];
    if (!name) problems.push({ place: "name", message: "a schedule needs a name" });
    if (isNew && this.schedules.has(name)) {
      problems.push({ place: "name", message: "there is a schedule of that name already" });
    }
    if (isNew && !input.recipe)
      problems.push({ place: "recipe", message: "must be the whole path of a file" });
    if (!input.profile) problems.push({ place: "profile", message: "must be the name of a profile" });
    return problems;
  }
  async scheduleAdd(name: string, input: ScheduleInput) {
    await this.ready("scheduleAdd");
    return this.put(name, input);
  }
  async scheduleEdit(name: string, input: ScheduleInput): Promise<TimerReport> {
    await this.ready("scheduleEdit");
    const { os_timer } = this.put(name, input);
    return os_timer ? this.timer(name) : { done: [], by_hand: [] };
  }
  async scheduleRemove(name: string): Promise<TimerReport> {
    await this.ready("scheduleRemove");
    this.schedule(name);
    this.schedules.delete(name);
    return { done: [], by_hand: [] };
  }
  async schedulePause(name: string, paused: boolean) {
    await this.ready("schedulePause");
    const schedule = this.schedule(name);
    schedule.paused = paused;
    schedule.next = paused ? null : NIGHTLY.next;
    return structuredClone(schedule);
  }
  async scheduleSetTimer(name: string, on: boolean) {
    await this.ready("scheduleSetTimer");
    this.schedule(name).os_timer = on;
    return on ? this.timer(name) : { done: [], by_hand: [] };
  }
  private timer(name: string): TimerReport {
    return {
      done: [`/home/pat/.config/systemd/user/muster-${name}.timer was written`],
      by_hand: ["systemctl --user daemon-reload", `systemctl --user enable --now muster-${name}.timer`],
    };
  }
  async scheduleRun(name: string, job: string) {
    const schedule = this.schedule(name);
    await this.work("scheduleRun", job, "push", 480);
    const now = new Date().toISOString();
    const told = "480 rows read; 0 inserted, 0 updated, 480 as they were";
    schedule.last = { started: now, finished: now, exit_code: 0, told, note: null };
    return this.scheduleList();
  }
  async scheduleTest(name: string, job: string): Promise<TestedSteps<ScheduleTestStepName>> {
    const { profile } = this.schedule(name);
    await this.work("scheduleTest", job, "time", 6);
    const opened = profile === "local" || (await this.profilesWithSecret()).includes(profile);
    const failsAt = opened ? STEPS.length : STEPS.findIndex(([step]) => step === "secret");
    const steps = STEPS.map(([step, message], at) => {
      if (at < failsAt) return { step, state: "ok" as const, message, help: null };
      if (at > failsAt) {
        const skipped = "Not tried, because an earlier step failed";
        return { step, state: "skipped" as const, message: skipped, help: null };
      }
      const help = "Set it in Settings, Database profiles.";
      return { step, state: "failed" as const, message: "There is no password", help };
    });
    return { ok: opened, code: opened ? null : "secret_missing", steps };
  }
}
