import { Portal } from "@mantine/core";
import type { FieldInfo } from "../../api";
import classes from "./Fix.module.css";
import type { HoveredCell } from "./FixGrid";
import { StoryContent } from "./StoryContent";

const WIDTH = 300;
const ROOM = 260;

/** The reason for a cell's colour, beside the mouse. The same is in the Why panel, for the keyboard. */
export function HoverStory({
  importId,
  cell,
  fields,
}: {
  importId: number;
  cell: HoveredCell;
  fields: FieldInfo[];
}) {
  const { box } = cell;
  const above = box.bottom + ROOM > window.innerHeight;
  const left = Math.max(8, Math.min(box.left, window.innerWidth - WIDTH - 12));
  const place = above ? { bottom: window.innerHeight - box.top + 6 } : { top: box.bottom + 6 };
  return (
    <Portal>
      <div className={classes.hover} style={{ left, ...place }} role="tooltip" data-testid="hover-story">
        <StoryContent importId={importId} cell={cell} fields={fields} />
      </div>
    </Portal>
  );
}
