import { describe, expect, it } from "vitest";
import { expectAccessible, renderStep, screen, waitFor } from "../../../tests/render";
import { DISK_FULL } from "../../api/fake";

describe("push", () => {
  it("tells what would happen before it happens", async () => {
    const { user } = await renderStep("push");
    expect(await screen.findByTestId("impact")).toHaveTextContent("Adds 377 members, skips 2");
    expect(screen.getByTestId("push-button")).toHaveTextContent("Push to local (dev)");
    expect(screen.getByTestId("plan-insert")).toHaveTextContent("377");
    await user.click(screen.getByTestId("fate-skip_different"));
    expect(await screen.findByText(/DC there/)).toBeInTheDocument();
  });

  it("pages through the rows", async () => {
    const { user } = await renderStep("push");
    await user.click(await screen.findByRole("button", { name: "next page" }));
    await waitFor(() =>
      expect(screen.getByRole("button", { name: "2" })).toHaveAttribute("aria-current", "page"),
    );
  });

  it("pushes, reports counts that add up, and takes the focus there", async () => {
    const { user } = await renderStep("push");
    await user.click(await screen.findByTestId("push-button"));
    expect(await screen.findByTestId("push-report")).toHaveTextContent("377 members added to local (dev)");
    expect(screen.getByTestId("report-sum")).toHaveTextContent(
      "480 read=377 added+ 2 already there+ 101 suspect+ 0 excluded+ 0 rejected",
    );
    expect(screen.getByText(/members added/)).toHaveFocus();
    await user.click(screen.getByTestId("report-save"));
    expect(await screen.findByText("Saved report.json.")).toBeInTheDocument();
  });

  it("says so when the same was pushed before", async () => {
    const { user } = await renderStep("push");
    await user.click(await screen.findByTestId("push-button"));
    await screen.findByTestId("push-report");
    await user.click(screen.getByTestId("back"));
    await user.click(screen.getByTestId("next"));
    expect(await screen.findByTestId("impact")).toHaveTextContent(
      "Already pushed as push #1; nothing to write.",
    );
    expect(screen.getByTestId("push-button")).toBeDisabled();
  });

  it("leads back to what is left out", async () => {
    const { user } = await renderStep("push");
    await user.click(await screen.findByTestId("left-out-suspect"));
    expect(await screen.findByText("101 rows found")).toBeInTheDocument();
  });

  it("shows what another mode would do, and warns where much would be overwritten", async () => {
    const { user } = await renderStep("push");
    await screen.findByTestId("impact");
    await user.click(screen.getByRole("radio", { name: "Update" }));
    await waitFor(() => expect(screen.getByTestId("impact")).toHaveTextContent("changes 1"));
    expect(screen.getByTestId("plan-update")).toHaveTextContent("1");
    await user.click(screen.getByTestId("fate-update"));
    expect(await screen.findByText(/DC there/)).toBeInTheDocument();
    await user.click(screen.getByRole("radio", { name: "Mirror" }));
    expect(await screen.findByTestId("overwrites")).toHaveTextContent("state of 1 members");
    await expectAccessible();
  });

  it("asks once more before a mirror push removes anybody", async () => {
    const { user } = await renderStep("push");
    await screen.findByTestId("impact");
    await user.click(screen.getByRole("radio", { name: "Mirror" }));
    await user.click(await screen.findByTestId("remove-missing"));
    await waitFor(() => expect(screen.getByTestId("plan-remove")).toHaveTextContent("2"));
    await user.click(screen.getByTestId("push-button"));
    expect(await screen.findByText("Remove 2 members?")).toBeInTheDocument();
    expect(screen.getByTestId("confirm-go")).toBeDisabled();
    await user.type(screen.getByTestId("confirm-name"), "local{Enter}");
    expect(await screen.findByTestId("push-report")).toHaveTextContent("2 memberships removed");
  });

  it("asks for the name of prod", async () => {
    const { user } = await renderStep("push", { environment: "prod" });
    await user.click(await screen.findByTestId("push-button"));
    expect(await screen.findByTestId("confirm-go")).toBeDisabled();
    await user.type(screen.getByTestId("confirm-name"), "prod{Enter}");
    expect(await screen.findByTestId("push-report")).toBeInTheDocument();
  });

  it("exports files without a push, in the formats chosen", async () => {
    const { user } = await renderStep("push");
    await user.click(await screen.findByTestId("export-xlsx"));
    await user.click(screen.getByTestId("export-button"));
    const report = await screen.findByTestId("export-report");
    expect(report).toHaveTextContent("master.csv");
    expect(report).toHaveTextContent("suspects.xlsx");
  });

  it("tells what went wrong with the plan, and with the push", async () => {
    const { api, user } = await renderStep("push", { fail: { plan: DISK_FULL, push: DISK_FULL } });
    expect(await screen.findByTestId("error-notice")).toHaveTextContent(DISK_FULL.message);
    api.options.fail = { push: DISK_FULL };
    await user.click(screen.getByText("Try again"));
    await user.click(await screen.findByTestId("push-button"));
    expect(await screen.findByTestId("error-notice")).toHaveTextContent(DISK_FULL.message);
    expect(screen.queryByTestId("push-report")).toBeNull();
  });

  it("cancels a push that takes long", async () => {
    const { api, user } = await renderStep("push");
    await screen.findByTestId("impact");
    api.options.jobTime = 60_000;
    await user.click(screen.getByTestId("push-button"));
    await screen.findByTestId("progress-panel");
    await user.click(screen.getByTestId("cancel-job"));
    expect(await screen.findByText(/Cancelled/)).toBeInTheDocument();
    expect(screen.queryByTestId("push-report")).toBeNull();
  });

  it.each(["light", "dark"] as const)("is accessible (%s), before and after", async (colorScheme) => {
    const { user } = await renderStep("push", { colorScheme });
    await screen.findByRole("table", { name: "New" });
    await expectAccessible();
    await user.click(screen.getByTestId("push-button"));
    await screen.findByTestId("push-report");
    await expectAccessible();
  });

  it("shows the statements that the push runs, to be copied", async () => {
    const { user } = await renderStep("push");
    await user.click(await screen.findByTestId("show-sql"));
    const statements = await screen.findByTestId("sql-statements");
    expect(statements).toHaveTextContent(/1\. Bring the planned rows.*377 rows.*COPY planned FROM STDIN/);
    await expectAccessible();
    await user.click(screen.getByTestId("copy-sql"));
    expect(await navigator.clipboard.readText()).toContain("-- Add members (377 rows)\nINSERT INTO member");
  });
});
