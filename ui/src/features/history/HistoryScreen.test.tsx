import { describe, expect, it } from "vitest";
import { expectAccessible, renderApp, renderStep, screen } from "../../../tests/render";
import { DISK_FULL } from "../../api/fake";

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
