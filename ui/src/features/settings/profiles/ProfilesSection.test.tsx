import { describe, expect, it } from "vitest";
import { expectAccessible, renderApp, screen, waitFor, within } from "../../../../tests/render";
import { DISK_FULL } from "../../../api/fake";
import { LOCKED } from "../../../api/fake/profiles";

const open = (options = {}) => renderApp({ at: "#/settings", ...options });
const row = (name: string) => screen.findByTestId(`profile-${name}`);

async function more(user: ReturnType<typeof renderApp>["user"], name: string, item: string) {
  await user.click(await screen.findByTestId(`profile-menu-${name}`));
  await user.click(await screen.findByRole("menuitem", { name: item }));
}

describe("database profiles", () => {
  it("are listed with what they are for and whether they have a password", async () => {
    open();
    expect(await row("local")).toHaveTextContent(/local.*dev.*Pushes go here.*SQLite file/);
    expect(await row("prod")).toHaveTextContent(/prod.*muster_importer@db.example.org:5432\/members/);
    await waitFor(async () => expect(await row("prod")).toHaveTextContent("Password set"));
    expect(await row("staging")).toHaveTextContent("No password");
    expect(await row("local")).not.toHaveTextContent(/password/i);
  });

  it("can be switched to", async () => {
    const { user } = open();
    await user.click(within(await row("staging")).getByRole("button", { name: "Use" }));
    await waitFor(() => expect(screen.getByTestId("profile-badge")).toHaveTextContent("staging"));
    await waitFor(async () => expect(await row("staging")).toHaveTextContent("Pushes go here"));
  });

  it("are added, with all faults of the form told at once, and then ask for the password", async () => {
    const { user, api } = open();
    await user.click(await screen.findByTestId("profile-add"));
    await user.type(await screen.findByTestId("profile-name"), "prod");
    await user.type(screen.getByTestId("profile-host"), "postgres://db");
    await user.click(screen.getByTestId("profile-save"));
    expect(await screen.findByText("There is a profile of that name already")).toBeInTheDocument();
    expect(screen.getByText("Must be a name or an address")).toBeInTheDocument();
    expect(screen.getAllByText("Is missing")).toHaveLength(2);
    await expectAccessible();
    await user.type(screen.getByTestId("profile-name"), "2");
    await user.clear(screen.getByTestId("profile-host"));
    await user.type(screen.getByTestId("profile-host"), "db2.example.org");
    await user.type(screen.getByTestId("profile-database"), "members");
    await user.type(screen.getByTestId("profile-user"), "sam");
    await user.click(screen.getByTestId("profile-save"));
    const secret = await screen.findByTestId("secret-input");
    expect(secret).toHaveAttribute("type", "password");
    await expectAccessible();
    await user.type(secret, "canary{Enter}");
    await waitFor(async () => expect(await row("prod2")).toHaveTextContent("Password set"));
    expect(document.body.innerHTML).not.toContain("canary");
    expect((await api.profileList()).map((p) => p.name)).toContain("prod2");
  });

  it("send only what belongs to their kind", async () => {
    const { user, api } = open();
    await user.click(await screen.findByTestId("profile-add"));
    await user.type(await screen.findByTestId("profile-name"), "mine");
    await user.type(screen.getByTestId("profile-host"), "db.example.org");
    await user.click(screen.getByText("SQLite file"));
    await user.type(await screen.findByTestId("profile-path"), "mine.db");
    await user.click(screen.getByTestId("profile-save"));
    expect(await row("mine")).toHaveTextContent("mine.db");
    const saved = (await api.profileList()).find((p) => p.name === "mine");
    expect(saved?.settings).toMatchObject({ driver: "sqlite", host: null, path: "mine.db" });
  });

  it("are edited", async () => {
    const { user } = open();
    await more(user, "staging", "Edit…");
    expect(await screen.findByTestId("profile-name")).toBeDisabled();
    const host = screen.getByTestId("profile-host");
    await user.clear(host);
    await user.type(host, "new.example.org");
    await user.click(screen.getByTestId("profile-save"));
    await waitFor(async () => expect(await row("staging")).toHaveTextContent("new.example.org"));
  });

  it("lose their password when asked to", async () => {
    const { user } = open();
    await waitFor(async () => expect(await row("prod")).toHaveTextContent("Password set"));
    await more(user, "prod", "Remove password");
    await waitFor(async () => expect(await row("prod")).toHaveTextContent("No password"));
  });

  it("are removed once their name was typed; the active one cannot be", async () => {
    const { user } = open();
    await user.click(await screen.findByTestId("profile-menu-local"));
    expect(await screen.findByRole("menuitem", { name: "Remove profile…" })).toBeDisabled();
    await user.keyboard("{Escape}");
    await more(user, "prod", "Remove profile…");
    expect(await screen.findByTestId("confirm-go")).toBeDisabled();
    await user.type(screen.getByTestId("confirm-name"), "prod{Enter}");
    await waitFor(() => expect(screen.queryByTestId("profile-prod")).toBeNull());
  });

  it("are tested step by step, and say which step failed", async () => {
    const { user } = open();
    await user.click(within(await row("staging")).getByRole("button", { name: "Test" }));
    await waitFor(() =>
      expect(screen.getByTestId("test-outcome")).toHaveTextContent("A push cannot go there yet."),
    );
    expect(screen.getByTestId("test-network")).toHaveTextContent("Network: passed");
    expect(screen.getByTestId("test-login")).toHaveTextContent(/Login: failed.*none is set/);
    expect(screen.getByTestId("test-schema")).toHaveTextContent("Tables: not tried");
    await expectAccessible();
    await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Set password…" }));
    await user.type(await screen.findByTestId("secret-input"), "canary{Enter}");
    await waitFor(async () => expect(await row("staging")).toHaveTextContent("Password set"));
    await user.click(within(await row("staging")).getByRole("button", { name: "Test" }));
    await waitFor(() => expect(screen.getByTestId("test-outcome")).toHaveTextContent("A push can go there."));
  });

  it("show the step at work, and a test can be cancelled", async () => {
    const { user } = open({ jobTime: 60_000 });
    await user.click(within(await row("prod")).getByRole("button", { name: "Test" }));
    await waitFor(() => expect(screen.getByTestId("test-network")).toHaveTextContent("at work"));
    await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Cancel" }));
    expect(await screen.findByTestId("test-again")).toBeInTheDocument();
  });

  it("stay usable while the keychain is locked", async () => {
    const { user, api } = open({ fail: { profilesWithSecret: LOCKED, profileSetSecret: LOCKED } });
    expect(await screen.findByTestId("keychain-notice")).toHaveTextContent(/locked.*everything else works/);
    await user.click(within(await row("prod")).getByRole("button", { name: "Set password…" }));
    await user.type(await screen.findByTestId("secret-input"), "canary{Enter}");
    expect(await screen.findByTestId("error-notice")).toHaveTextContent(LOCKED.message);
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    api.options.fail = {};
    await user.click(within(screen.getByTestId("keychain-notice")).getByText("Try again"));
    await waitFor(() => expect(screen.queryByTestId("keychain-notice")).toBeNull());
    expect(await row("prod")).toHaveTextContent("Password set");
  });

  it("tell what went wrong", async () => {
    open({ fail: { profileList: DISK_FULL } });
    expect(await screen.findByTestId("error-notice")).toHaveTextContent(DISK_FULL.message);
  });

  it.each(["light", "dark"] as const)("are accessible (%s)", async (colorScheme) => {
    open({ colorScheme });
    await waitFor(async () => expect(await row("prod")).toHaveTextContent("Password set"));
    await expectAccessible();
  });
});
