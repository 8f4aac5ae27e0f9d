// A story is a row of steps in one window. Once a step fails, the later ones have nothing to stand on: they are
// skipped, and a picture of the screen at the failure is kept.
import { type TestContext, test } from "node:test";
import { picture } from "./look.js";

/** What was found wrong on a screen that is there: the steps after it can still be gone. */
export class Finding extends Error {}

export function story(name: string): (step: string, body: () => Promise<void>) => void {
  let failed = "";
  return (step, body) => {
    test(`${name}: ${step}`, async (context: TestContext) => {
      if (failed) {
        context.skip(`“${failed}” failed before`);
        return;
      }
      try {
        await body();
      } catch (reason) {
        if (!(reason instanceof Finding)) failed = step;
        picture(`failed-${name}-${step}`.replaceAll(/\W+/g, "-"));
        throw reason;
      }
    });
  };
}
