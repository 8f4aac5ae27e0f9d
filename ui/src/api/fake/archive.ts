import type {
  ArchivedFile,
  ArchiveForm,
  ArchiveTestReport,
  ArchiveTestStepName,
  ArchiveView,
  Problem,
} from "../bindings";
import { FakeMemberFile } from "./memberFile";

const STEPS: Record<ArchiveForm["kind"], ArchiveTestStepName[]> = {
  database: ["database"],
  folder: ["write", "read"],
  s3: ["secret", "write", "read", "overwrite"],
};
const FILES = [
  { name: "companies.csv", sha256: "c0".repeat(32), size: 1_204 },
  { name: "unity_golf_club.csv", sha256: "a1".repeat(32), size: 48_200 },
];

/** The archive of the fake backend: in the database at first. */
export abstract class FakeArchive extends FakeMemberFile {
  private archiveForm: ArchiveForm = {
    kind: "database",
    path: null,
    bucket: null,
    region: null,
    endpoint: null,
    prefix: null,
    key_id: null,
    conditional_writes: null,
  };
  private archiveSecret = false;

  private archiveLocation(): string {
    const { kind, path, bucket, prefix } = this.archiveForm;
    if (kind === "database") return "database";
    if (kind === "folder") return path || "~/.local/share/muster/archive";
    return prefix ? `s3://${bucket}/${prefix}` : `s3://${bucket}`;
  }
  private archiveView(): ArchiveView {
    return { settings: structuredClone(this.archiveForm), location: this.archiveLocation() };
  }

  async archive() {
    await this.ready("archive");
    return this.archiveView();
  }
  async archiveHasSecret() {
    await this.ready("archiveHasSecret");
    return this.archiveSecret;
  }
  async archiveCheck(form: ArchiveForm) {
    await this.ready("archiveCheck");
    if (form.kind !== "s3") return [];
    const problems: Problem[] = [];
    for (const key of ["bucket", "key_id"] as const)
      if (!form[key]) problems.push({ place: key, message: "is missing" });
    if (form.endpoint && !form.endpoint.startsWith("https://"))
      problems.push({ place: "endpoint", message: "must be the address of a store, https://…" });
    return problems;
  }
  async archiveSet(form: ArchiveForm, secret: string | null) {
    await this.ready("archiveSet");
    const same = form.key_id === this.archiveForm.key_id && form.endpoint === this.archiveForm.endpoint;
    this.archiveSecret = secret !== null || (same && this.archiveSecret);
    this.archiveForm = structuredClone(form);
    return this.archiveView();
  }
  async archiveTest(job: string): Promise<ArchiveTestReport> {
    const names = STEPS[this.archiveForm.kind];
    await this.work("archiveTest", job, names[0] ?? "", names.length);
    const ok = this.archiveForm.kind !== "s3" || this.archiveSecret;
    const help = "Set it in Settings, or with: muster secrets set archive";
    const steps = names.map((step, index) => {
      if (ok) return { step, state: "ok" as const, message: "It works", help: null };
      if (index === 0)
        return { step, state: "failed" as const, message: "The secret of the key is not there", help };
      return { step, state: "skipped" as const, message: "Not tried", help: null };
    });
    return { location: this.archiveLocation(), ok, code: ok ? null : "secret_missing", steps };
  }
  async archiveFiles(push: number): Promise<ArchivedFile[]> {
    await this.ready("archiveFiles");
    const location = this.archiveLocation();
    return FILES.map((file) => ({ ...file, push, location, added: "2026-11-20T15:04:00Z" }));
  }
  async archiveSave(_push: number, sha256: string, job: string) {
    await this.work("archiveSave", job, "archive", 48_200);
    return FILES.find((file) => file.sha256 === sha256)?.name ?? null;
  }
}
