import type { ReactNode } from "react";

type Props = { label: string; className?: string; live?: boolean; testId?: string; children: ReactNode };

/** A part that scrolls by itself. It takes the focus, or the keyboard could not reach what is below its edge. */
export function ScrollRegion({ label, className, live, testId, children }: Props) {
  return (
    <section
      aria-label={label}
      className={className}
      aria-live={live ? "polite" : undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
      tabIndex={0}
      data-testid={testId}
    >
      {children}
    </section>
  );
}
