import { Button, CloseButton, Text } from "@mantine/core";
import { count, plural } from "../../components/format";
import { IconFilter } from "../../components/icons";
import { Private } from "../../components/privacy";
import classes from "./Fix.module.css";
import type { Alike } from "./useAlike";

type Props = {
  found: number | null;
  filtered: boolean;
  selected: number;
  alike: Alike | null;
  onAlike: () => void;
  onForget: () => void;
  onClear: () => void;
};

/** How many rows are shown; after an edit, the offer to make it everywhere. Its height never changes. */
export function StatusBar({ found, filtered, selected, alike, onAlike, onForget, onClear }: Props) {
  return (
    <div className={classes.status}>
      <output aria-live="polite" className="numeric" data-testid="rows-found">
        {found === null ? "Loading…" : `${plural(found, "row")}${filtered ? " found" : ""}`}
        {selected > 0 && ` · ${count(selected)} selected`}
      </output>
      {filtered && (
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconFilter size={15} />}
          onClick={onClear}
          data-testid="clear-filters"
        >
          Clear filters
        </Button>
      )}
      {alike && (
        <div className={classes.statusEnd} role="status">
          <Text size="sm" className="one-line" c="dimmed">
            “<Private value={alike.edit.before ?? ""} field={alike.edit.field} />” is in more rows.
          </Text>
          <Button size="compact-sm" onClick={onAlike} data-testid="apply-alike">
            Apply to all {count(alike.rows)} alike
          </Button>
          <CloseButton size="sm" aria-label="Dismiss" onClick={onForget} />
        </div>
      )}
    </div>
  );
}
