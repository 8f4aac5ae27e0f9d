import type { Level } from "../api";
import { IconAlert, IconInfo, IconStop } from "./icons";
import { LEVEL_LABELS } from "./labels";

const COLOURS: Record<Level, string> = {
  error: "var(--m-error)",
  warning: "var(--m-warning)",
  info: "var(--m-changed)",
};

/** How bad an issue is: by shape and colour, and in words for screen readers. */
export function LevelIcon({ level, size = 16 }: { level: Level; size?: number }) {
  const Icon = level === "error" ? IconStop : level === "warning" ? IconAlert : IconInfo;
  return (
    <span style={{ display: "inline-flex", color: COLOURS[level], flexShrink: 0 }}>
      <Icon size={size} />
      <span className="visually-hidden">{LEVEL_LABELS[level]}</span>
    </span>
  );
}
