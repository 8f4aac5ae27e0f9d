import { ActionIcon, TextInput, Tooltip } from "@mantine/core";
import { useState } from "react";
import { IconPencil } from "../icons";
import { PERSONAL } from "../labels";
import { Private, usePrivacy } from "../privacy";
import classes from "./Compare.module.css";
import type { RowView } from "./compareTypes";

type Props = {
  row: RowView;
  label: string;
  /** what is said of the way to type one */
  typeHint?: string;
  typing: boolean;
  onTyping: (typing: boolean) => void;
  onPick: (value: string | null) => void;
};

function Typing({ row, label, onTyping, onPick }: Pick<Props, "row" | "label" | "onTyping" | "onPick">) {
  const [text, setText] = useState(row.proposed?.value ?? "");
  const take = () => {
    onPick(text.trim() || null);
    onTyping(false);
  };
  return (
    <TextInput
      size="xs"
      aria-label={`${label} of the member`}
      description="Enter takes it, Escape leaves it"
      inputWrapperOrder={["input", "description"]}
      value={text}
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => onTyping(false)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        if (event.key === "Enter") take();
        else onTyping(false);
      }}
      data-testid={`type-${row.field}`}
    />
  );
}

/** The value that the member would have, with why, and a way to type another one. */
export function ProposedCell({
  row,
  label,
  typeHint = "Type another value",
  typing,
  onTyping,
  onPick,
}: Props) {
  const { hidden } = usePrivacy();
  const { proposed, field } = row;
  if (!proposed) {
    return (
      <td className={classes.member}>
        <span className={classes.kept}>each membership keeps its own</span>
      </td>
    );
  }
  const { value, reason, from, open, chosen, pending } = proposed;
  // What is typed stands in the open.
  const secret = hidden && PERSONAL.has(field);
  return (
    <td className={classes.member} data-open={open} data-chosen={chosen} data-testid={`member-${field}`}>
      {typing && !secret ? (
        <Typing row={row} label={label} onTyping={onTyping} onPick={onPick} />
      ) : (
        <span className={classes.proposed}>
          <span className={classes.memberValue}>
            {open && <span className={classes.settle}>choose: </span>}
            {value === null ? (
              <span className={classes.blank}>{open || pending ? "" : "blank"}</span>
            ) : (
              <span className={open ? classes.maybe : undefined}>
                <Private value={value} field={field} />
                {open && "?"}
              </span>
            )}
            <span className={classes.reason}>
              {from !== null && row.differs && <span className={classes.from}>{from + 1}</span>}
              {reason}
            </span>
          </span>
          {!secret && (
            <Tooltip label={typeHint}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={26}
                tabIndex={-1}
                aria-label={`Type ${label}`}
                onClick={() => onTyping(true)}
                data-testid={`type-open-${field}`}
              >
                <IconPencil size={14} />
              </ActionIcon>
            </Tooltip>
          )}
        </span>
      )}
    </td>
  );
}
