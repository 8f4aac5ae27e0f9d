import { Text } from "@mantine/core";
import type { PersonGroup } from "../../api";
import classes from "../../components/compare/Compare.module.css";
import type { RowView } from "../../components/compare/compareTypes";
import { TARGET_LABELS } from "../../components/labels";
import { Private } from "../../components/privacy";
import { distinct } from "./values";
import { placeOf } from "./words";

/** Why the marked field has its value, where that comes from, and what the others say. */
export function FieldDetail({ group, row }: { group: PersonGroup; row: RowView | null }) {
  if (!row?.proposed) return null;
  const { value, reason, from, open } = row.proposed;
  const record = from === null ? null : group.records[from];
  const others = distinct(row.cells.map((cell) => (cell.mark === "excluded" ? null : cell.value))).filter(
    (other) => other !== value,
  );
  return (
    <div className={classes.detail} aria-live="polite" data-testid="field-detail">
      <Text size="sm" component="span" fw={600}>
        {TARGET_LABELS[row.field]}: {value === null ? "blank" : <Private value={value} field={row.field} />}
      </Text>
      <Text size="sm" component="span">
        {open ? "a person has to choose" : reason}
        {record && ` · record ${(from ?? 0) + 1}: ${record.club}, ${placeOf(record)}`}
        {others.length > 0 && (
          <>
            {" · others say "}
            {others.map((other, at) => (
              <span key={other}>
                {at > 0 && ", "}
                <Private value={other} field={row.field} />
              </span>
            ))}
          </>
        )}
      </Text>
    </div>
  );
}
