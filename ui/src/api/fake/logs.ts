import type { LogsConfig, LogsStep, LogsView, TestedSteps, UserError } from "../bindings";
import { FakeProfiles } from "./profiles";

const NOT_ENCRYPTED: UserError = {
  code: "invalid_input",
  message:
    "The settings of the log are not right: logs.otlp.endpoint: is not encrypted and not on this machine: " +
    "use https://, or say insecure: true as well",
  help: "Correct it and try again; docs/LOGS.md describes the settings.",
};
const STEPS: LogsStep[] = ["settings", "name", "connection", "tls", "logs", "traces", "metrics"];

/** The log of the fake backend. A collector whose address has "gone" in it does not answer. */
export abstract class FakeLogs extends FakeProfiles {
  private logs: LogsConfig = { level: "info", keep: null, otlp: null };
  private hasKey = false;

  private logsView(): LogsView {
    return { settings: structuredClone(this.logs), file: "~/.local/share/muster/logs/muster.jsonl" };
  }

  async logsSettings() {
    await this.ready("logsSettings");
    return this.logsView();
  }
  async logsHasKey() {
    await this.ready("logsHasKey");
    return this.hasKey;
  }
  async logsSave(settings: LogsConfig) {
    await this.ready("logsSave");
    const { endpoint, insecure } = settings.otlp ?? {};
    if (endpoint?.startsWith("http://") && !endpoint.includes("127.0.0.1") && !insecure) throw NOT_ENCRYPTED;
    if (JSON.stringify(settings.otlp) !== JSON.stringify(this.logs.otlp)) this.hasKey = false;
    this.logs = structuredClone(settings);
    return this.logsView();
  }
  async logsSetKey(key: string | null) {
    await this.ready("logsSetKey");
    this.hasKey = key !== null;
    return this.hasKey;
  }
  async logsOpenFolder() {
    await this.ready("logsOpenFolder");
    return null;
  }
  async logsTest(job: string): Promise<TestedSteps<LogsStep>> {
    await this.work("logsTest", job, "settings", STEPS.length);
    const gone = this.logs.otlp?.endpoint?.includes("gone") ?? false;
    const steps = STEPS.map((step, index) => {
      if (!gone || index < 2) return { step, state: "ok" as const, message: "It works", help: null };
      if (index > 2) return { step, state: "skipped" as const, message: "Not tried", help: null };
      const message = "Nobody accepts a connection at the collector's address";
      return { step, state: "failed" as const, message, help: "Check the port." };
    });
    return { ok: !gone, code: gone ? "network" : null, steps };
  }
}
