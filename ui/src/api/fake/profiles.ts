import type {
  Environment,
  Problem,
  ProfileForm,
  ProfileInfo,
  ProfileView,
  TestReport,
  UserError,
} from "../bindings";
import type { Api } from "../client";

const SQLITE: ProfileForm = {
  environment: "dev",
  driver: "sqlite",
  path: "members.db",
  host: null,
  port: null,
  database: null,
  user: null,
  tls: null,
  root_cert: null,
};
const server = (environment: Environment, host: string): ProfileForm => ({
  ...SQLITE,
  environment,
  driver: "postgres",
  path: null,
  host,
  port: 5432,
  database: "members",
  user: "muster_importer",
  tls: "verify-full",
});

export const LOCKED: UserError = {
  code: "keychain_locked",
  message: "The keychain is locked",
  help: "Unlock it, then try again.",
};
const refused = (message: string): UserError => ({ code: "refused", message, help: null });

function locationOf(form: ProfileForm): string {
  if (form.driver === "sqlite") return `~/.local/share/muster/${form.path}`;
  return `${form.user}@${form.host}:${form.port ?? 5432}/${form.database}`;
}

/** The profiles of the fake backend: local, staging and prod. */
export abstract class FakeProfiles {
  private profiles = new Map<string, ProfileForm>([
    ["local", SQLITE],
    ["prod", server("prod", "db.example.org")],
    ["staging", server("staging", "staging.example.org")],
  ]);
  private active: string;
  private secrets = new Set(["prod"]);

  constructor(environment: Environment) {
    this.active = environment === "dev" ? "local" : environment;
  }

  protected abstract ready(name: keyof Api): Promise<void>;
  protected abstract work(name: keyof Api, job: string, stage: string, total: number): Promise<void>;

  protected activeProfile(): ProfileInfo {
    return this.info(this.active);
  }

  private form(name: string): ProfileForm {
    const found = this.profiles.get(name);
    if (!found) throw { code: "config", message: "There is no profile of that name.", help: null };
    return found;
  }

  private info(name: string): ProfileInfo {
    const form = this.form(name);
    return { name, environment: form.environment, driver: form.driver, location: locationOf(form) };
  }

  protected environmentOf(name: string): Environment | null {
    return this.profiles.get(name)?.environment ?? null;
  }

  private list(): ProfileView[] {
    return [...this.profiles.keys()].sort().map((name) => ({
      ...this.info(name),
      active: name === this.active,
      settings: structuredClone(this.form(name)),
    }));
  }

  async profileList() {
    await this.ready("profileList");
    return this.list();
  }
  async profilesWithSecret() {
    await this.ready("profilesWithSecret");
    return [...this.secrets];
  }
  async profileCheck(name: string, form: ProfileForm, isNew: boolean) {
    await this.ready("profileCheck");
    const problems: Problem[] = [];
    if (!name) problems.push({ place: "name", message: "a profile needs a name" });
    if (isNew && this.profiles.has(name)) {
      problems.push({ place: "name", message: "there is a profile of that name already" });
    }
    const required = form.driver === "sqlite" ? (["path"] as const) : (["host", "database", "user"] as const);
    for (const key of required) if (!form[key]) problems.push({ place: key, message: "is missing" });
    if (form.host?.includes("://")) problems.push({ place: "host", message: "must be a name or an address" });
    return problems;
  }
  async profileAdd(name: string, form: ProfileForm) {
    await this.ready("profileAdd");
    this.profiles.set(name, structuredClone(form));
    return this.list();
  }
  async profileEdit(name: string, form: ProfileForm) {
    await this.ready("profileEdit");
    if (this.form(name).host !== form.host) this.secrets.delete(name);
    this.profiles.set(name, structuredClone(form));
    return this.list();
  }
  async profileRemove(name: string, confirmedName: string) {
    await this.ready("profileRemove");
    if (name !== confirmedName) throw refused("The name does not match.");
    if (name === this.active) throw refused(`${name} is the active profile`);
    this.profiles.delete(name);
    this.secrets.delete(name);
    return { name, secret_kept: null };
  }
  async profileUse(name: string) {
    await this.ready("profileUse");
    this.form(name);
    this.active = name;
    return this.info(name);
  }
  async profileSetSecret(name: string, _secret: string) {
    await this.ready("profileSetSecret");
    this.secrets.add(name);
    return null;
  }
  async profileRemoveSecret(name: string) {
    await this.ready("profileRemoveSecret");
    this.secrets.delete(name);
    return null;
  }
  async profileTest(name: string, job: string): Promise<TestReport> {
    const form = this.form(name);
    await this.work("profileTest", job, form.driver === "sqlite" ? "folder" : "network", 6);
    const ok = (step: TestReport["steps"][number]["step"], message: string) => ({
      step,
      state: "ok" as const,
      message,
      help: null,
    });
    const skipped = (step: TestReport["steps"][number]["step"]) => ({
      step,
      state: "skipped" as const,
      message: "Not tried, because an earlier step failed",
      help: null,
    });
    if (form.driver === "sqlite") {
      const steps = [
        ok("folder", "The folder can be written to"),
        ok("file", "The file is a database that can be read and written"),
        ok("schema", "The tables are up to date"),
      ];
      return { profile: name, ok: true, code: null, steps };
    }
    const reached = [
      ok("name", `${form.host} has an address`),
      ok("network", `A server accepts connections on port ${form.port ?? 5432}`),
      ok("tls", "Encrypted, with a certificate that is trusted"),
    ];
    if (!this.secrets.has(name)) {
      const login = {
        step: "login" as const,
        state: "failed" as const,
        message: `The server asks ${form.user} for a password, and none is set (SQLSTATE 28P01)`,
        help: "Set the profile's password.",
      };
      const steps = [...reached, login, skipped("permission"), skipped("schema")];
      return { profile: name, ok: false, code: "secret_missing", steps };
    }
    const steps = [
      ...reached,
      ok("login", `${form.user} may log in to ${form.database}`),
      ok("permission", "The user may read and add members"),
      ok("schema", "The tables are up to date"),
    ];
    return { profile: name, ok: true, code: null, steps };
  }
}
