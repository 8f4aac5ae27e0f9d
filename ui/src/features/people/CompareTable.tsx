import { Tooltip } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { Field, GroupRecord, PersonGroup } from "../../api";
import classes from "../../components/compare/Compare.module.css";
import { CompareCell } from "../../components/compare/CompareCell";
import { isHash, type RowView } from "../../components/compare/compareTypes";
import { ProposedCell } from "../../components/compare/ProposedCell";
import { IconCheck, IconExclude, IconRestore } from "../../components/icons";
import { TARGET_LABELS } from "../../components/labels";
import { Private } from "../../components/privacy";
import type { Draft } from "./values";
import { placeOf } from "./words";

type HeadProps = {
  record: GroupRecord;
  number: number;
  excluded: boolean;
  /** null: two records are not taken apart this way */
  onExclude: (() => void) | null;
};

function RecordHead({ record, number, excluded, onExclude }: HeadProps) {
  return (
    <th scope="col" className={classes.record} data-excluded={excluded}>
      <span className={classes.recordHead}>
        <span className={classes.number} data-n={number}>
          {number}
        </span>
        <span className="one-line" title={record.clubs.join(", ")}>
          {record.clubs.join(", ")}
        </span>
        {onExclude && (
          <Tooltip
            label={
              excluded ? "Take this record in again" : `Somebody else: take this record out (Shift ${number})`
            }
          >
            <button
              type="button"
              className={classes.exclude}
              aria-pressed={excluded}
              aria-label={`Record ${number} is somebody else`}
              onClick={onExclude}
              data-testid={`exclude-${number}`}
            >
              {excluded ? <IconRestore size={15} /> : <IconExclude size={15} />}
            </button>
          </Tooltip>
        )}
      </span>
      <span className={classes.place}>{placeOf(record)}</span>
      {!isHash(record.key) && (
        <span className={classes.place}>
          Number <Private value={record.key} field="source_key" />
        </span>
      )}
      {excluded && <span className={classes.out}>somebody else</span>}
    </th>
  );
}

type Props = {
  group: PersonGroup;
  rows: RowView[];
  draft: Draft;
  /** the marked field */
  field: Field | null;
  typing: boolean;
  /** whether to take the focus when the table appears */
  takeFocus: boolean;
  onField: (field: Field) => void;
  onPick: (field: Field, value: string | null) => void;
  onMoveField: (by: number) => void;
  onExclude: (record: number) => void;
  onTyping: (typing: boolean) => void;
};

/** The records of a group side by side: a row a field, a column a record, and first the member that they would be. */
export function CompareTable(props: Props) {
  const { group, rows, draft, field, takeFocus } = props;
  const table = useRef<HTMLTableElement>(null);
  const started = useRef(takeFocus);
  useEffect(() => {
    if (started.current) table.current?.querySelector<HTMLElement>('[tabindex="0"][data-value]')?.focus();
  }, []);
  const many = group.records.length > 2;
  return (
    <div className={classes.scroll}>
      <table
        ref={table}
        className={classes.table}
        aria-label="Side by side"
        onKeyDown={(event) => {
          const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (by === undefined || event.target instanceof HTMLInputElement) return;
          event.preventDefault();
          props.onMoveField(by);
        }}
        data-testid="compare"
      >
        <thead>
          <tr>
            <th scope="col" className={classes.fieldHead}>
              Field
            </th>
            <th scope="col" className={classes.memberHead}>
              <span className={classes.recordHead}>
                <IconCheck size={15} /> The member
              </span>
              <span className={classes.place}>as they would be</span>
            </th>
            {group.records.map((record, at) => (
              <RecordHead
                key={record.record}
                record={record}
                number={at + 1}
                excluded={draft.excluded.includes(record.record)}
                onExclude={many ? () => props.onExclude(record.record) : null}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <CompareRow key={row.field} {...props} row={row} current={row.field === field} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CompareRow({ row, current, group, typing, ...props }: Props & { row: RowView; current: boolean }) {
  const { proposed } = row;
  const label = TARGET_LABELS[row.field];
  // One cell of the marked row is in the order of Tab: the chosen one, else the first.
  const stop = proposed?.from ?? 0;
  return (
    <tr
      data-current={current}
      data-open={proposed?.open ?? false}
      data-differs={row.differs}
      data-testid={`row-${row.field}`}
    >
      <th scope="row" className={classes.field}>
        {label}
        {proposed?.open && <span className={classes.settle}>to settle</span>}
      </th>
      <ProposedCell
        row={row}
        label={label}
        typeHint="Type another value (T)"
        typing={current && typing}
        onTyping={(next) => {
          props.onField(row.field);
          props.onTyping(next);
        }}
        onPick={(value) => props.onPick(row.field, value)}
      />
      {row.cells.map((cell, at) => (
        <CompareCell
          key={group.records[at]?.record}
          field={row.field}
          label={label}
          cell={cell}
          number={at + 1}
          pickable={proposed !== null && cell.mark !== "excluded"}
          picked={proposed?.from === at}
          tabStop={current && at === stop}
          onFocus={() => props.onField(row.field)}
          onPick={() => props.onPick(row.field, cell.value)}
        />
      ))}
    </tr>
  );
}
