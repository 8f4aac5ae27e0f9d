import { describe, expect, it } from "vitest";
import { expectAccessible, renderApp, screen, waitFor, within } from "../../../../tests/render";
import { FakeApi } from "../../../api/fake";
import { LOCKED } from "../../../api/fake/profiles";

const open = (api = new FakeApi()) => renderApp({ at: "#/settings", api });

describe("Google Drive in the settings", () => {
  it("says how to get a client, and takes it", async () => {
    const api = new FakeApi();
    api.drive.reset();
    const { user } = open(api);
    expect(await screen.findByTestId("drive-how")).toHaveTextContent("Desktop app");
    expect(screen.queryByTestId("drive-connect")).toBeNull();
    await user.click(screen.getByTestId("drive-client-edit"));
    await user.type(await screen.findByTestId("drive-client-id"), "99.apps.googleusercontent.com");
    await user.type(screen.getByTestId("drive-client-secret"), "hush-1234");
    await user.click(screen.getByTestId("drive-client-save"));
    expect(await screen.findByTestId("drive-client")).toHaveTextContent("99.apps");
    expect(await screen.findByTestId("drive-connect")).toBeInTheDocument();
    expect(document.body.textContent).not.toContain("hush-1234");
  });

  it("connects an account, and lets the person give up waiting for the browser", async () => {
    const api = new FakeApi({ jobTime: 2_000 });
    api.drive.reset("99.apps.googleusercontent.com");
    const { user } = open(api);
    await user.click(await screen.findByTestId("drive-connect"));
    expect(await screen.findByText("Sign in with your browser")).toBeInTheDocument();
    await user.click(screen.getByTestId("drive-connect-cancel"));
    await waitFor(() => expect(screen.queryByText("Sign in with your browser")).toBeNull());
    expect(screen.queryByTestId("drive-account-pat")).toBeNull();
    api.options.jobTime = 0;
    await user.click(await screen.findByTestId("drive-connect"));
    expect(await screen.findByTestId("drive-account-pat")).toHaveTextContent("Connected");
  });

  it("tests an account, and offers to sign in again where that is over", async () => {
    const api = new FakeApi();
    api.drive.signOut();
    const { user } = open(api);
    expect(await screen.findByTestId("drive-account-pat")).toHaveTextContent("Signed out");
    await user.click(screen.getByTestId("drive-test-pat"));
    expect(await screen.findByTestId("test-outcome")).toHaveTextContent("It does not work yet.");
    const dialog = within(screen.getByRole("dialog"));
    await user.click(dialog.getByTestId("drive-connect"));
    await waitFor(() => expect(screen.getByTestId("test-outcome")).toHaveTextContent("can be imported"));
  });

  it("asks before it disconnects", async () => {
    const { user, api } = open();
    await user.click(await screen.findByTestId("drive-disconnect-pat"));
    expect(api.calls).not.toContain("driveDisconnect");
    await user.click(await screen.findByTestId("drive-disconnect-confirm"));
    await waitFor(() => expect(screen.queryByTestId("drive-account-pat")).toBeNull());
  });

  it("tells when the keychain is locked", async () => {
    open(new FakeApi({ fail: { driveAccounts: LOCKED } }));
    const section = within(await screen.findByRole("region", { name: "Google Drive" }));
    expect(await section.findByText(LOCKED.message)).toBeInTheDocument();
  });

  it("is accessible", async () => {
    open();
    await screen.findByTestId("drive-account-pat");
    await expectAccessible();
  });
});
