import type { MemberFileView, MemberRow, MemberRowQuery } from "../../api";
import { count, plural } from "../../components/format";
import { IconAlert } from "../../components/icons";
import classes from "./MemberFile.module.css";
import type { MemberCellAt } from "./MemberGrid";

type Props = {
  file: MemberFileView;
  query: MemberRowQuery;
  found: number | null;
  selected: MemberRow[];
  focused: MemberCellAt | null;
  note: string | null;
};

/** How many rows are shown; what is wrong with the cell in focus, or how its text was rewritten. */
export function MemberStatus({ file, query, found, selected, focused, note }: Props) {
  const filtered = query.unsaved || query.search !== null;
  const warning = focused?.row.warnings.find(({ column }) => column === focused.column);
  const column = focused && file.columns[focused.column];
  return (
    <div className={classes.status}>
      <output aria-live="polite" className="numeric" data-testid="member-rows-found">
        {found === null ? "Loading…" : `${plural(found, "row")}${filtered ? " found" : ""}`}
        {selected.length > 0 && ` · ${count(selected.length)} selected`}
      </output>
      {warning && column ? (
        <div className={classes.warning} role="status" data-testid="member-warning">
          <IconAlert size={16} />
          <span className="one-line" title={warning.help}>
            {column.label}: {warning.label}. Kept as typed. {warning.help}
          </span>
        </div>
      ) : (
        note && (
          <div className={`${classes.note} one-line`} role="status" data-testid="member-note">
            {note}.
          </div>
        )
      )}
    </div>
  );
}
