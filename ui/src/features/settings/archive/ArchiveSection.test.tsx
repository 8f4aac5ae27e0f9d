import { describe, expect, it } from "vitest";
import { expectAccessible, renderApp, screen, waitFor, within } from "../../../../tests/render";
import { FakeApi } from "../../../api/fake";
import { LOCKED } from "../../../api/fake/profiles";

const open = (api = new FakeApi()) => renderApp({ at: "#/settings", api });

async function chooseS3(user: ReturnType<typeof renderApp>["user"]) {
  await user.click(await screen.findByTestId("archive-change"));
  const dialog = within(await screen.findByRole("dialog"));
  await user.click(dialog.getByRole("radio", { name: "S3" }));
  await user.type(screen.getByTestId("archive-bucket"), "raw-files");
  await user.type(screen.getByTestId("archive-key_id"), "AKIA");
  await user.type(screen.getByTestId("archive-secret"), "hush-1234");
}

describe("the archive in the settings", () => {
  it("is in the database until somebody says otherwise", async () => {
    const { user, api } = open();
    expect(await screen.findByTestId("archive-place")).toHaveTextContent("In the database");
    await user.click(screen.getByTestId("archive-test"));
    expect(await screen.findByTestId("test-outcome")).toHaveTextContent("Files can be archived there.");
    expect(api.calls).not.toContain("archiveHasSecret");
  });

  it("takes a bucket, and never shows the secret again", async () => {
    const { user } = open();
    await chooseS3(user);
    await user.click(screen.getByTestId("archive-submit"));
    const place = await screen.findByTestId("archive-place");
    await waitFor(() => expect(place).toHaveTextContent("s3://raw-files"));
    await waitFor(() => expect(place).toHaveTextContent("Secret set"));
    await waitFor(() => expect(screen.queryByTestId("archive-secret")).toBeNull());
    await user.click(screen.getByTestId("archive-change"));
    expect(await screen.findByTestId("archive-secret")).toHaveValue("");
    expect(document.body.innerHTML).not.toContain("hush-1234");
  });

  it("tells all faults of the form at their fields, and saves nothing", async () => {
    const { user, api } = open();
    await user.click(await screen.findByTestId("archive-change"));
    await user.click(within(await screen.findByRole("dialog")).getByRole("radio", { name: "S3" }));
    await user.type(screen.getByTestId("archive-endpoint"), "http://example.org");
    await user.click(screen.getByTestId("archive-submit"));
    expect(await screen.findAllByText("Is missing")).toHaveLength(2);
    expect(screen.getByText(/Must be the address of a store/)).toBeInTheDocument();
    expect(api.calls).not.toContain("archiveSet");
    await expectAccessible();
  });

  it("sends what belongs to the chosen kind only", async () => {
    const { user, api } = open();
    await chooseS3(user);
    const dialog = within(screen.getByRole("dialog"));
    await user.click(dialog.getByRole("radio", { name: "A folder" }));
    await user.type(screen.getByTestId("archive-path"), "/srv/raw");
    await user.click(screen.getByTestId("archive-submit"));
    const place = await screen.findByTestId("archive-place");
    await waitFor(() => expect(place).toHaveTextContent("/srv/raw"));
    expect((await api.archive()).settings).toMatchObject({ kind: "folder", bucket: null, key_id: null });
  });

  it("tells step by step where a test stopped", async () => {
    const api = new FakeApi();
    await api.archiveSet({ ...(await api.archive()).settings, kind: "s3", bucket: "raw", key_id: "A" }, null);
    const { user } = open(api);
    await waitFor(() => expect(screen.getByTestId("archive-place")).toHaveTextContent("No secret"));
    await user.click(screen.getByTestId("archive-test"));
    expect(await screen.findByTestId("test-outcome")).toHaveTextContent("cannot be archived there yet");
    expect(screen.getByTestId("test-secret")).toHaveAttribute("data-state", "failed");
    expect(screen.getByTestId("test-overwrite")).toHaveAttribute("data-state", "skipped");
    await expectAccessible();
  });

  it("tells when the keychain is locked", async () => {
    const api = new FakeApi({ fail: { archiveHasSecret: LOCKED } });
    await api.archiveSet({ ...(await api.archive()).settings, kind: "s3", bucket: "raw", key_id: "A" }, "x");
    open(api);
    const section = within(await screen.findByRole("region", { name: "Archive of raw files" }));
    expect(await section.findByText(LOCKED.message)).toBeInTheDocument();
  });
});
