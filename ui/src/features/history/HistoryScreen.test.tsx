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

  it("tells what went wrong", async () => {
    renderApp({ at: "#/history", fail: { pushHistory: DISK_FULL } });
    expect(await screen.findByTestId("error-notice")).toHaveTextContent(DISK_FULL.message);
  });
});
