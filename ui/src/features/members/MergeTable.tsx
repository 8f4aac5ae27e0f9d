import { Radio } from "@mantine/core";
import { useState } from "react";
import type { Field, MemberView } from "../../api";
import classes from "../../components/compare/Compare.module.css";
import { CompareCell } from "../../components/compare/CompareCell";
import { isHash, type RowView } from "../../components/compare/compareTypes";
import { ProposedCell } from "../../components/compare/ProposedCell";
import { IconCheck } from "../../components/icons";
import { TARGET_LABELS } from "../../components/labels";
import { Private } from "../../components/privacy";

type HeadProps = { view: MemberView; at: 0 | 1; keep: 0 | 1; onKeep: (at: 0 | 1) => void };

function MemberHead({ view, at, keep, onKeep }: HeadProps) {
  return (
    <th scope="col" className={classes.record}>
      <span className={classes.recordHead}>
        <span className={classes.number} data-n={at + 1}>
          {at + 1}
        </span>
        Member {view.id}
      </span>
      {view.memberships.map(({ id, club, source_key }) => (
        <span key={id} className={classes.place}>
          {club}
          {!isHash(source_key) && (
            <>
              , number <Private value={source_key} field="source_key" />
            </>
          )}
        </span>
      ))}
      <Radio
        mt={4}
        size="xs"
        name="merge-keep"
        label="Their number stays"
        checked={keep === at}
        onChange={() => onKeep(at)}
        data-testid={`merge-keep-${at + 1}`}
      />
    </th>
  );
}

type Props = {
  members: readonly [MemberView, MemberView];
  rows: RowView[];
  keep: 0 | 1;
  onKeep: (at: 0 | 1) => void;
  onPick: (field: Field, value: string | null) => void;
};

/** Two members side by side: a row a field, and first the member that they become. */
export function MergeTable({ members, rows, keep, onKeep, onPick }: Props) {
  const [typing, setTyping] = useState<Field | null>(null);
  return (
    <div className={classes.scroll}>
      <table className={classes.table} aria-label="Side by side" data-testid="merge-table">
        <thead>
          <tr>
            <th scope="col" className={classes.fieldHead}>
              Field
            </th>
            <th scope="col" className={classes.memberHead}>
              <span className={classes.recordHead}>
                <IconCheck size={15} /> The member
              </span>
              <span className={classes.place}>as they will be</span>
            </th>
            <MemberHead view={members[0]} at={0} keep={keep} onKeep={onKeep} />
            <MemberHead view={members[1]} at={1} keep={keep} onKeep={onKeep} />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.field} data-differs={row.differs} data-testid={`merge-row-${row.field}`}>
              <th scope="row" className={classes.field}>
                {TARGET_LABELS[row.field]}
              </th>
              <ProposedCell
                row={row}
                label={TARGET_LABELS[row.field]}
                typing={typing === row.field}
                onTyping={(next) => setTyping(next ? row.field : null)}
                onPick={(value) => onPick(row.field, value)}
              />
              {row.cells.map((cell, at) => (
                <CompareCell
                  key={members[at]?.id}
                  field={row.field}
                  label={TARGET_LABELS[row.field]}
                  cell={cell}
                  number={at + 1}
                  what="member"
                  pickable
                  picked={row.proposed?.from === at}
                  tabStop
                  onFocus={() => {}}
                  onPick={() => onPick(row.field, cell.value)}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
