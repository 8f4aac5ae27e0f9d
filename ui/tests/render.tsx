import { notifications } from "@mantine/notifications";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import type { ReactNode } from "react";
import { expect } from "vitest";
import { FakeApi, type FakeOptions } from "../src/api/fake";
import { Providers } from "../src/app/App";
import { Shell } from "../src/app/Shell";

export { cleanup, screen, waitFor, within } from "@testing-library/react";

type Options = FakeOptions & { colorScheme?: "light" | "dark"; at?: string; api?: FakeApi };

/** Shows something with everything around it, over a fake backend. */
export function renderWith(children: ReactNode, options: Options = {}) {
  notifications.clean();
  const api = options.api ?? new FakeApi(options);
  // Without pauses, and without asking jsdom for the styles of every ancestor: that is most of the time of a test.
  const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });
  const view = render(
    <Providers api={api} env="test" colorScheme={options.colorScheme}>
      {children}
    </Providers>,
  );
  return { api, user, ...view };
}

/** Shows the whole window at an address such as `#/imports/1`. */
export function renderApp(options: Options = {}) {
  window.location.hash = options.at ?? "";
  return renderWith(<Shell />, options);
}

/** Opens a step of the fake's first import. */
export async function renderStep(
  step: "files" | "columns" | "fix" | "people" | "push",
  options: Options = {},
) {
  const rendered = renderApp({ ...options, at: "#/imports/1" });
  await rendered.user.click(await screen.findByTestId(`step-${step}`));
  return rendered;
}

/** No violation of axe's rules. jsdom draws nothing: contrast is checked in a browser. */
export async function expectAccessible() {
  const found = await axe.run(document, { rules: { "color-contrast": { enabled: false } } });
  expect(
    found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 140)).join(" | ")}`),
  ).toEqual([]);
}
