import type {
  DriveAccount,
  DriveItem,
  DriveQuery,
  DriveState,
  DriveTestStepName,
  ImportView,
  TestedSteps,
  UserError,
} from "../bindings";

export const SIGNED_OUT: UserError = {
  code: "signed_out",
  message: "The sign-in to Google Drive is over: it has expired or was taken back",
  help: "Sign in again (Settings, Google Drive).",
};

const PAT: DriveAccount = { id: "pat", email: "pat@example.org", name: "Pat Example", signed_out: false };
const ANY: DriveItem = {
  id: "",
  name: "",
  kind: "text",
  owner: "Pat Example",
  size: 48_200,
  modified: "2026-11-20T15:04:00Z",
  shortcut: false,
  drive: null,
  downloadable: true,
  imported: false,
  changed: false,
};
const FOLDER: DriveItem = { ...ANY, id: "lists", name: "Lists 2026", kind: "folder", size: null };
const ITEMS: DriveItem[] = [
  FOLDER,
  { ...ANY, id: "golf", name: "unity_golf_club.csv", imported: true, changed: true },
  { ...ANY, id: "sheet", name: "Softball members", kind: "sheet", size: null, owner: "Sam Example" },
  { ...ANY, id: "kept", name: "board_only.xlsx", kind: "workbook", downloadable: false },
];
const IN_FOLDER: DriveItem[] = [{ ...ANY, id: "rowing", name: "rowing_club.csv" }];
const DRIVES: DriveItem[] = [
  { ...FOLDER, id: "board", name: "Board", kind: "shared_drive", owner: null, modified: null },
];

/** Google Drive of the fake backend: one account, a folder, a few lists. */
export class FakeDrive {
  private clientId: string | null = "1234-abcd.apps.googleusercontent.com";
  private hasSecret = true;
  private accounts: DriveAccount[] = [PAT];
  /** files of imports that came from Drive, and whether they changed there */
  readonly states = new Map<number, DriveState["status"]>();

  /** As before anybody set it up. */
  reset(clientId: string | null = null) {
    this.clientId = clientId;
    this.hasSecret = false;
    this.accounts = [];
  }
  /** As when Google took the sign-in back. */
  signOut() {
    this.accounts = this.accounts.map((account) => ({ ...account, signed_out: true }));
  }

  client() {
    return { client_id: this.clientId, has_secret: this.hasSecret };
  }
  setClient(clientId: string, secret: string | null) {
    this.clientId = clientId;
    this.hasSecret ||= secret !== null;
    return this.client();
  }
  list(): DriveAccount[] {
    return structuredClone(this.accounts);
  }
  connect(): DriveAccount {
    this.accounts = [PAT];
    return PAT;
  }
  disconnect(id: string) {
    this.accounts = this.accounts.filter((account) => account.id !== id);
    return { accounts: this.list(), not_revoked: null };
  }
  private check(id: string) {
    if (this.accounts.find((account) => account.id === id)?.signed_out !== false) throw SIGNED_OUT;
  }
  items(query: DriveQuery) {
    this.check(query.account);
    let items = query.place === "shared_drives" ? DRIVES : query.place === "my_drive" ? ITEMS : [];
    if (query.folder) items = IN_FOLDER;
    const { search } = query;
    if (search) items = [...ITEMS, ...IN_FOLDER].filter((item) => item.name.includes(search));
    return { items: structuredClone(items), next: null, incomplete: false };
  }
  name(id: string): string {
    return [...ITEMS, ...IN_FOLDER].find((item) => item.id === id)?.name ?? id;
  }
  statesOf(view: ImportView): DriveState[] {
    return view.files
      .filter((file) => this.states.has(file.id))
      .map((file) => ({
        file: file.id,
        account: "pat",
        status: this.accounts[0]?.signed_out ? "signed_out" : (this.states.get(file.id) ?? "same"),
        modified: ANY.modified,
        message: null,
      }));
  }
  test(id: string): TestedSteps<DriveTestStepName> {
    const signedOut = this.accounts.find((account) => account.id === id)?.signed_out ?? true;
    const names: DriveTestStepName[] = ["client", "sign_in", "account", "my_drive", "shared_drives"];
    const steps = names.map((step, index) => {
      if (!signedOut || index === 0) return { step, state: "ok" as const, message: "It works", help: null };
      if (index === 1)
        return { step, state: "failed" as const, message: SIGNED_OUT.message, help: SIGNED_OUT.help };
      return { step, state: "skipped" as const, message: "Not tried", help: null };
    });
    return { ok: !signedOut, code: signedOut ? "signed_out" : null, steps };
  }
}
