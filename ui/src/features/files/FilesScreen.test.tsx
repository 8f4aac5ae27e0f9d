import { act } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { expectAccessible, renderApp, renderStep, screen, waitFor } from "../../../tests/render";
import { DISK_FULL } from "../../api/fake";

const newImport = async () => {
  const rendered = renderApp({ empty: true });
  await rendered.user.click(await screen.findByTestId("new-import"));
  await screen.findByTestId("drop-zone");
  return rendered;
};

describe("files", () => {
  it("takes files that are dropped on the window", async () => {
    const { api } = await newImport();
    act(() => api.drag(true));
    expect(screen.getByTestId("drop-zone")).toHaveTextContent("Let go to add the files");
    act(() => api.drop(["unity_golf_club.csv"]));
    expect(await screen.findAllByTestId("file-row")).toHaveLength(3);
  });

  it("takes files that are chosen, and then lets one go on", async () => {
    const { user } = await newImport();
    expect(screen.getByTestId("next")).toHaveAttribute("aria-disabled", "true");
    await user.click(screen.getByTestId("choose-files"));
    await screen.findAllByTestId("file-row");
    expect(screen.getByTestId("next")).toHaveAttribute("aria-disabled", "false");
  });

  it("previews the chosen file with its lines and what was noticed", async () => {
    const { user } = await renderStep("files");
    expect(await screen.findByRole("columnheader", { name: "first_name" })).toBeInTheDocument();
    await user.click(screen.getByTestId("file-select-2"));
    expect(await screen.findByRole("columnheader", { name: "us_state" })).toBeInTheDocument();
    expect(screen.getByText(/line 118/)).toBeInTheDocument();
  });

  it("reads the file again with the header row that the person chose", async () => {
    const { user } = await renderStep("files");
    const header = await screen.findByTestId("option-header_row");
    expect(header).toHaveValue("Detected: Row 1");
    await user.click(header);
    await user.click(await screen.findByRole("option", { name: "Row 2" }));
    await waitFor(() => expect(screen.queryByRole("columnheader", { name: "first_name" })).toBeNull());
  });

  it("saves the source on Enter and keeps the old one on Escape", async () => {
    const { user, api } = await renderStep("files");
    const source = await screen.findByTestId("file-source-1");
    await user.clear(source);
    await user.type(source, "Golf Unity{Enter}");
    await waitFor(() => expect(api.calls).toContain("fileSetSource"));
    await user.type(source, " x{Escape}");
    expect(source).toHaveValue("Golf Unity");
  });

  it("asks before it removes a file", async () => {
    const { user } = await renderStep("files");
    await user.click(await screen.findByTestId("file-menu-2"));
    await user.click(await screen.findByText("Remove…"));
    await user.click(await screen.findByTestId("file-remove-confirm"));
    await waitFor(() => expect(screen.getAllByTestId("file-row")).toHaveLength(2));
  });

  it("tells when files cannot be added", async () => {
    const { user } = await renderStep("files", { fail: { filesPick: DISK_FULL } });
    await user.click(await screen.findByTestId("choose-files"));
    expect(await screen.findByTestId("error-notice")).toHaveTextContent(DISK_FULL.message);
  });

  it.each(["light", "dark"] as const)("is accessible (%s)", async (colorScheme) => {
    await renderStep("files", { colorScheme });
    await screen.findByRole("columnheader", { name: "first_name" });
    await expectAccessible();
  });
});
