import { describe, expect, it } from "vitest";
import { expectAccessible, renderApp, screen, waitFor, within } from "../../../../tests/render";
import { FakeApi } from "../../../api/fake";
import { LOCKED } from "../../../api/fake/profiles";

const open = (api = new FakeApi()) => renderApp({ at: "#/settings", api });
const section = async () => within(await screen.findByRole("region", { name: "Logs" }));
const AGENT = { endpoint: "http://127.0.0.1:4318", datadog_site: null, key_header: null, insecure: null };

describe("logs in the settings", () => {
  it("shows where the file is, opens its folder, and sends nothing by itself", async () => {
    const { user, api } = open();
    expect(await screen.findByTestId("logs-file")).toHaveTextContent("logs/muster.jsonl");
    expect(screen.getByTestId("logs-collector")).toHaveTextContent("Nothing is sent anywhere");
    expect(screen.queryByTestId("logs-test")).toBeNull();
    await user.click(screen.getByTestId("logs-open"));
    expect(api.calls).toContain("logsOpenFolder");
  });

  it("changes the level", async () => {
    const { user, api } = open();
    await user.click(await screen.findByTestId("logs-level"));
    await user.click(await screen.findByText("What did not work"));
    await waitFor(async () => expect((await api.logsSettings()).settings.level).toBe("warn"));
  });

  it("takes a collector, says what does not fit, and tests it", async () => {
    const { user, api } = open();
    await user.click(await screen.findByTestId("logs-edit"));
    await user.click(await screen.findByText("A collector or agent"));
    await user.type(await screen.findByTestId("logs-endpoint"), "http://agent.internal:4318");
    expect(screen.queryByTestId("logs-key")).toBeNull();
    await user.click(screen.getByTestId("logs-save"));
    expect(await screen.findByTestId("error-notice")).toHaveTextContent("is not encrypted");
    await expectAccessible();
    await user.click(screen.getByRole("checkbox", { name: /Not encrypted/ }));
    await user.click(screen.getByTestId("logs-save"));
    await waitFor(() => expect(screen.getByTestId("logs-collector")).toHaveTextContent("agent.internal"));
    expect((await api.logsSettings()).settings.otlp?.insecure).toBe(true);
    await user.click(screen.getByTestId("logs-test"));
    expect(await screen.findByTestId("test-outcome")).toHaveTextContent("metrics arrive");
  });

  it("keeps Datadog's key in the keychain and never shows it", async () => {
    const { user, api } = open();
    await user.click(await screen.findByTestId("logs-edit"));
    await user.click(await screen.findByText("Datadog"));
    await user.type(await screen.findByTestId("logs-key"), "hush-1234");
    await user.click(screen.getByTestId("logs-save"));
    expect(await (await section()).findByText("Key set")).toBeInTheDocument();
    expect(screen.getByTestId("logs-collector")).toHaveTextContent("Datadog (datadoghq.com)");
    expect(document.body.innerHTML).not.toContain("hush-1234");
    expect(JSON.stringify(await api.logsSettings())).not.toContain("hush-1234");
  });

  it("tells which step of a test failed", async () => {
    const api = new FakeApi();
    await api.logsSave({
      level: "info",
      keep: null,
      otlp: { ...AGENT, endpoint: "https://gone.example.org" },
    });
    const { user } = open(api);
    await user.click(await screen.findByTestId("logs-test"));
    expect(await screen.findByTestId("test-outcome")).toHaveTextContent("Not all of it arrives yet.");
    expect(screen.getByTestId("test-connection")).toHaveTextContent(/failed.*Nobody accepts/);
    expect(screen.getByTestId("test-metrics")).toHaveTextContent("not tried");
  });

  it("tells when the keychain is locked", async () => {
    const api = new FakeApi({ fail: { logsHasKey: LOCKED } });
    await api.logsSave({ level: "info", keep: null, otlp: { ...AGENT, key_header: "dd-api-key" } });
    open(api);
    expect(await (await section()).findByText(LOCKED.message)).toBeInTheDocument();
  });
});
