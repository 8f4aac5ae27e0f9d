import type { ReactNode } from "react";
import classes from "./Pill.module.css";

/** A short fact in a colour; the words carry the meaning, the colour only helps to find it. */
export function Pill({ tone, children }: { tone: "good" | "warning" | "error"; children: ReactNode }) {
  return (
    <span className={classes.pill} data-tone={tone}>
      {children}
    </span>
  );
}
