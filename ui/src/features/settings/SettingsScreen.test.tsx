import { describe, expect, it } from "vitest";
import { expectAccessible, renderApp, screen } from "../../../tests/render";
import { DISK_FULL } from "../../api/fake";

describe("settings", () => {
  it("shows the profile, the folder and the version", async () => {
    renderApp({ at: "#/settings" });
    expect(await screen.findByText("Muster 0.1.0")).toBeInTheDocument();
    expect(screen.getByTestId("data-folder")).toHaveTextContent("share/muster");
  });

  it("remembers that personal data is hidden at the start", async () => {
    const { user } = renderApp({ at: "#/settings" });
    await user.click(await screen.findByRole("switch", { name: /when Muster starts/ }));
    expect(localStorage.getItem("muster-hide-personal-data")).toBe("true");
    expect(screen.getByTestId("privacy-toggle")).toBeChecked();
  });

  it("tells what went wrong", async () => {
    renderApp({ at: "#/settings", fail: { appInfo: DISK_FULL } });
    expect(await screen.findByTestId("error-notice")).toHaveTextContent(DISK_FULL.message);
  });

  it.each(["light", "dark"] as const)("is accessible (%s)", async (colorScheme) => {
    renderApp({ at: "#/settings", colorScheme });
    await screen.findByText("Muster 0.1.0");
    await expectAccessible();
  });
});
