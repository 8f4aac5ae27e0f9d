import { Tooltip } from "@mantine/core";
import type { ChangedSince, Field } from "../../api";
import { moment } from "../format";
import { IconEqual, IconHistory, IconUnequal } from "../icons";
import { Private, useMask } from "../privacy";
import classes from "./Compare.module.css";
import type { CellView, Mark } from "./compareTypes";

const WORDS: Record<Mark, string> = {
  same: "the same",
  different: "different",
  missing: "missing",
  excluded: "taken out",
  own: "of the membership",
};

/** How a value stands to the others: by shape and colour, and in words for screen readers. */
function MarkIcon({ mark }: { mark: Mark }) {
  if (mark === "same") return <IconEqual size={14} />;
  if (mark === "different") return <IconUnequal size={14} />;
  return null;
}

function Changed({ changed, field }: { changed: ChangedSince; field: Field }) {
  return (
    <span className={classes.changed}>
      <IconHistory size={13} /> changed since: was{" "}
      {changed.before === null ? "blank" : <Private value={changed.before} field={field} />}
    </span>
  );
}

type Props = {
  field: Field;
  label: string;
  cell: CellView;
  number: number;
  /** what the columns are */
  what?: string;
  pickable: boolean;
  picked: boolean;
  tabStop: boolean;
  onFocus: () => void;
  onPick: () => void;
};

/** A record's value of a field. Where a person may choose, it is a button. */
export function CompareCell({
  field,
  label,
  cell,
  number,
  what = "record",
  pickable,
  picked,
  tabStop,
  onFocus,
  onPick,
}: Props) {
  const mask = useMask();
  const { value, mark, changed } = cell;
  const words = WORDS[mark];
  const shown = (
    <>
      <span className={classes.mark}>
        <MarkIcon mark={mark} />
      </span>
      <span className={classes.value}>
        {value === null ? (
          <span className={classes.blank}>missing</span>
        ) : (
          <Private value={value} field={field} />
        )}
        {changed && <Changed changed={changed} field={field} />}
      </span>
    </>
  );
  if (!pickable || value === null) {
    return (
      <td className={classes.cell} data-mark={mark} data-changed={changed !== null}>
        <span className={classes.plain}>
          {shown}
          <span className="visually-hidden">{value === null ? "" : `, ${words}`}</span>
        </span>
      </td>
    );
  }
  const spoken = mask(value, field) === value ? value : "hidden value";
  const was = changed?.before ?? null;
  const before = changed
    ? ` changed since: was ${was === null ? "blank" : mask(was, field) === was ? was : "hidden"}`
    : "";
  const button = (
    <button
      type="button"
      className={classes.pick}
      aria-pressed={picked}
      aria-label={`${label} of ${what} ${number}: ${spoken}${before}, ${words}`}
      tabIndex={tabStop ? 0 : -1}
      onFocus={onFocus}
      onClick={onPick}
      data-value={number}
      data-testid={`pick-${field}-${number}`}
    >
      {shown}
    </button>
  );
  return (
    <td className={classes.cell} data-mark={mark} data-picked={picked} data-changed={changed !== null}>
      {changed ? (
        <Tooltip label={`${changed.person} decided on ${moment(changed.decided)}, when it was another value`}>
          {button}
        </Tooltip>
      ) : (
        button
      )}
    </td>
  );
}
