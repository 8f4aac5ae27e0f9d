import { Text } from "@mantine/core";
import type { PersonGroup } from "../../api";
import classes from "../../components/compare/Compare.module.css";
import type { RowView } from "../../components/compare/compareTypes";
import { IconCompany } from "../../components/icons";
import { Private } from "../../components/privacy";
import { cellOf, type Draft, distinct } from "./values";
import { placeOf } from "./words";

type Props = { group: PersonGroup; row: RowView | undefined; draft: Draft; onPick: (value: string) => void };

/** Clubs that name different companies for one person: each value with its file and row. */
export function CompanyConflict({ group, row, draft, onPick }: Props) {
  const conflict = group.member.conflicts.find(({ field }) => field === "company");
  const kept = group.records.filter(({ record }) => !draft.excluded.includes(record));
  const values = distinct(kept.map((record) => cellOf(record, "company")));
  if (!conflict || conflict.state === "by_rule" || !row?.proposed || values.length < 2) return null;
  const chosen = draft.chosen.get("company");
  return (
    <section
      className={classes.conflict}
      aria-label="Company"
      data-settled={!row.proposed.open}
      data-testid="company-conflict"
    >
      <span className={classes.conflictHead}>
        <IconCompany size={17} />
        <b>
          {conflict.between_clubs
            ? "The clubs name different companies."
            : "The records name different companies."}
        </b>
        {row.proposed.open ? "Which one is right?" : "Settled."}
      </span>
      <ul>
        {values.map((value) => (
          <li key={value}>
            <button
              type="button"
              className={classes.company}
              aria-pressed={chosen === value}
              onClick={() => onPick(value)}
            >
              {group.records.map(
                (record, at) =>
                  cellOf(record, "company") === value &&
                  kept.includes(record) && (
                    <span key={record.record} className={classes.from} title={`Record ${at + 1}`}>
                      {at + 1}
                    </span>
                  ),
              )}
              <Private value={value} field="company" />
            </button>
            <Text size="sm" c="dimmed" component="span">
              {kept
                .filter((record) => cellOf(record, "company") === value)
                .map((record) => `${record.club} (${placeOf(record)})`)
                .join("; ")}
            </Text>
          </li>
        ))}
      </ul>
    </section>
  );
}
