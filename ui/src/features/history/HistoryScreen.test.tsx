import { describe, expect, it } from "vitest";
import { expectAccessible, renderApp, renderStep, screen } from "../../../tests/render";
import type { UserError } from "../../api";
import { DISK_FULL } from "../../api/fake";

const UNREACHABLE: UserError = {
  code: "network",
  message: "The archive's store did not answer as it should",
  help: "Check its address (archive.endpoint), the bucket and the network, and try again.",
};

describe("history", () => {
  it("says when nothing was pushed yet", async () => {
    renderApp({ at: "#/history" });
    expect(await screen.findByText("Nothing has been pushed yet")).toBeInTheDocument();
    await expectAccessible();
  });

  it("lists a push", async () => {
    const { user } = await renderStep("push");
    await user.click(await screen.findByTestId("push-button"));
    await screen.findByTestId("push-report");
    await user.click(screen.getByTestId("nav-history"));
    expect(await screen.findByTestId("push-1")).toHaveTextContent("Spring lists");
    await expectAccessible();
  });

  it("shows the files of a push, and saves one as it came", async () => {
    const { user, api } = await renderStep("push");
    await user.click(await screen.findByTestId("push-button"));
    await screen.findByTestId("push-report");
    await user.click(screen.getByTestId("nav-history"));
    await user.click(await screen.findByTestId("files-1"));
    const file = await screen.findByTestId("raw-file-unity_golf_club.csv");
    expect(file).toHaveTextContent("47 KB · SHA-256 a1a1a1a1a1a1… · kept in the database");
    await expectAccessible();
    await user.click(screen.getByTestId("raw-file-save-unity_golf_club.csv"));
    expect(await screen.findByText("Saved unity_golf_club.csv, as it came.")).toBeInTheDocument();
    api.options.fail = { archiveSave: UNREACHABLE };
    await user.click(screen.getByTestId("raw-file-save-companies.csv"));
    expect(await screen.findByTestId("error-notice")).toHaveTextContent(UNREACHABLE.message);
  });

  it("tells what an undo would do and whom it keeps, then undoes, and lists that too", async () => {
    const { user } = await renderStep("push");
    await user.click(await screen.findByTestId("push-button"));
    await screen.findByTestId("push-report");
    await user.click(screen.getByTestId("nav-history"));
    await user.click(await screen.findByTestId("undo-1"));
    expect(await screen.findByTestId("undo-says")).toHaveTextContent(
      "377 members removed: that is what the undo does.",
    );
    expect(screen.getByRole("list", { name: "Members who are kept" })).toHaveTextContent(
      "Ann Lee, changed by #2",
    );
    await expectAccessible();
    await user.click(screen.getByTestId("undo-go"));
    expect(await screen.findByTestId("push-2")).toHaveTextContent("Undo of #1");
    expect(screen.getByTestId("push-1")).toHaveTextContent("Undone");
  });

  it("asks for the name of prod before an undo", async () => {
    const { user } = await renderStep("push", { environment: "prod" });
    await user.click(await screen.findByTestId("push-button"));
    await user.type(await screen.findByTestId("confirm-name"), "prod{Enter}");
    await screen.findByTestId("push-report");
    await user.click(screen.getByTestId("nav-history"));
    await user.click(await screen.findByTestId("undo-1"));
    await screen.findByTestId("undo-says");
    expect(screen.getByTestId("undo-go")).toBeDisabled();
    await user.type(screen.getByTestId("confirm-name"), "prod{Enter}");
    expect(await screen.findByTestId("push-2")).toBeInTheDocument();
  });

  it("tells what went wrong", async () => {
    renderApp({ at: "#/history", fail: { pushHistory: DISK_FULL } });
    expect(await screen.findByTestId("error-notice")).toHaveTextContent(DISK_FULL.message);
  });
});
