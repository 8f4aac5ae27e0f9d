import { describe, expect, it } from "vitest";
import { expectAccessible, renderApp, screen, waitFor, within } from "../../../../tests/render";
import { DISK_FULL } from "../../../api/fake";

const open = (options = {}) => renderApp({ at: "#/settings", ...options });
const row = (name: string) => screen.findByTestId(`schedule-${name}`);

async function more(user: ReturnType<typeof renderApp>["user"], name: string, item: string) {
  await user.click(await screen.findByTestId(`schedule-menu-${name}`));
  await user.click(await screen.findByRole("menuitem", { name: item }));
}

describe("schedules", () => {
  it("are listed with when they run and what became of them", async () => {
    open();
    expect(await row("nightly")).toHaveTextContent(/Monday, Thursday at 02:30, to staging · next Nov/);
    expect(await row("nightly")).toHaveTextContent(/Last run.*Done, some rows rejected.*1 rejected/);
  });

  it("are added, with all faults of the form told at once", async () => {
    const { user, api } = open();
    await user.click(await screen.findByTestId("schedule-add"));
    await user.type(await screen.findByTestId("schedule-name"), "nightly");
    await user.click(screen.getByTestId("schedule-save"));
    expect(await screen.findByText("There is a schedule of that name already")).toBeInTheDocument();
    expect(screen.getByText("Must be the whole path of a file")).toBeInTheDocument();
    expect(screen.getByText("Must be the name of a profile")).toBeInTheDocument();
    await expectAccessible();
    await user.type(screen.getByTestId("schedule-name"), "2");
    await user.click(screen.getByTestId("schedule-recipe"));
    expect(await screen.findByText("/home/pat/lists/spring.yml")).toBeInTheDocument();
    await user.click(screen.getByTestId("schedule-profile"));
    await user.click(await screen.findByRole("option", { name: "local" }));
    await user.click(screen.getByRole("checkbox", { name: "Friday" }));
    await user.click(screen.getByTestId("schedule-save"));
    expect(await row("nightly2")).toHaveTextContent(/Friday at 02:00, to local.*has not run yet/);
    const saved = (await api.scheduleList()).find(({ name }) => name === "nightly2");
    expect(saved).toMatchObject({ recipe: "/home/pat/lists/spring.yml", out: null });
  });

  it("push to a prod profile only when its name was typed", async () => {
    const { user } = open();
    await more(user, "nightly", "Edit…");
    await user.click(await screen.findByTestId("schedule-profile"));
    await user.click(await screen.findByRole("option", { name: "prod" }));
    await user.click(screen.getByTestId("schedule-save"));
    expect(await screen.findByTestId("error-notice")).toHaveTextContent("was not confirmed");
    await user.type(screen.getByTestId("schedule-confirm"), "prod");
    await expectAccessible();
    await user.click(screen.getByTestId("schedule-save"));
    await waitFor(async () => expect(await row("nightly")).toHaveTextContent("to prod"));
  });

  it("are tested step by step", async () => {
    const { user, api } = open();
    await user.click(await screen.findByTestId("schedule-test-nightly"));
    await waitFor(() => expect(screen.getByTestId("test-outcome")).toHaveTextContent("It cannot run yet."));
    expect(screen.getByTestId("test-files")).toHaveTextContent("Files: passed");
    expect(screen.getByTestId("test-secret")).toHaveTextContent(/failed.*There is no password/);
    expect(screen.getByTestId("test-plan")).toHaveTextContent("Plan: not tried");
    await expectAccessible();
    await api.profileSetSecret("staging", "canary");
    await user.click(screen.getByTestId("test-again"));
    await waitFor(() => expect(screen.getByTestId("test-outcome")).toHaveTextContent("Nothing was pushed."));
  });

  it("run when asked to, and can be cancelled", async () => {
    const { user, api } = open({ jobTime: 60_000 });
    await user.click(await screen.findByTestId("schedule-run-nightly"));
    await user.click(await screen.findByRole("button", { name: "Cancel the run" }));
    expect(await screen.findByTestId("schedule-run-nightly")).toBeInTheDocument();
    api.options.jobTime = 0;
    await user.click(screen.getByTestId("schedule-run-nightly"));
    await waitFor(async () => expect(await row("nightly")).toHaveTextContent("480 as they were"));
    expect(within(await row("nightly")).getByText("Done")).toBeInTheDocument();
  });

  it("tell why a run failed", async () => {
    const { user } = open({ fail: { scheduleRun: DISK_FULL } });
    await user.click(await screen.findByTestId("schedule-run-nightly"));
    expect(await screen.findByText(DISK_FULL.message)).toBeInTheDocument();
  });

  it("can be paused and go on", async () => {
    const { user } = open();
    await more(user, "nightly", "Pause");
    await waitFor(async () => expect(await row("nightly")).toHaveTextContent("Paused"));
    expect(await row("nightly")).not.toHaveTextContent("next");
    await more(user, "nightly", "Resume");
    await waitFor(async () => expect(await row("nightly")).not.toHaveTextContent("Paused"));
  });

  it("can have a timer of the system, and tell what was done about it", async () => {
    const { user } = open();
    await user.click(await screen.findByTestId("schedule-timer-nightly"));
    expect(await screen.findByText(/muster-nightly.timer was written/)).toBeInTheDocument();
    expect(screen.getByTestId("timer-by-hand")).toHaveTextContent("systemctl --user enable --now");
    await expectAccessible();
    await user.click(screen.getByTestId("timer-close"));
    await waitFor(() => expect(screen.getByTestId("schedule-timer-nightly")).toBeChecked());
  });

  it("are removed once that was confirmed", async () => {
    const { user, api } = open();
    await more(user, "nightly", "Remove schedule…");
    expect(api.calls).not.toContain("scheduleRemove");
    await user.click(await screen.findByTestId("schedule-remove-confirm"));
    await waitFor(() => expect(screen.queryByTestId("schedule-nightly")).toBeNull());
  });

  it("tell what went wrong", async () => {
    open({ fail: { scheduleList: DISK_FULL } });
    const section = within(await screen.findByRole("region", { name: "Schedule" }));
    expect(await section.findByText(DISK_FULL.message)).toBeInTheDocument();
  });

  it.each(["light", "dark"] as const)("are accessible (%s)", async (colorScheme) => {
    open({ colorScheme });
    await row("nightly");
    await expectAccessible();
  });
});
