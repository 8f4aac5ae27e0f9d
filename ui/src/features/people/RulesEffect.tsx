import { Alert, Skeleton, Text } from "@mantine/core";
import type { Field, RuleExample, RulesPreview } from "../../api";
import { count, plural } from "../../components/format";
import { IconAlert } from "../../components/icons";
import { TARGET_LABELS } from "../../components/labels";
import { Private } from "../../components/privacy";
import classes from "./Dialogs.module.css";

function Value({ value, field, reason }: { value: string | null; field: Field; reason: string }) {
  return (
    <>
      {value === null ? <span className={classes.dim}>none</span> : <Private value={value} field={field} />}
      <span className={classes.dim}>{reason}</span>
    </>
  );
}

function Examples({ examples }: { examples: RuleExample[] }) {
  return (
    <table
      className={classes.table}
      aria-label="Some of the values that would change"
      data-testid="rules-examples"
    >
      <thead>
        <tr>
          <th scope="col">Person</th>
          <th scope="col">Field</th>
          <th scope="col">Now</th>
          <th scope="col">Then</th>
        </tr>
      </thead>
      <tbody>
        {examples.map((one) => (
          <tr key={`${one.group} ${one.name} ${one.field} ${one.club}`}>
            <td>
              <Private value={one.name} field="full_name" />
            </td>
            <td>
              {TARGET_LABELS[one.field]}
              {one.club && <span className={classes.dim}>{one.club}</span>}
            </td>
            <td>
              <Value value={one.before} field={one.field} reason={one.before_reason} />
            </td>
            <td>
              <Value value={one.after} field={one.field} reason={one.after_reason} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What other rules would do to the people of several records, on real rows. */
export function RulesEffect({ preview }: { preview: RulesPreview | undefined }) {
  if (!preview) return <Skeleton height={90} aria-hidden="true" />;
  const { problems, members, changed_members, open_before, open_after, fields, examples } = preview;
  return (
    <div aria-live="polite">
      {problems.length > 0 && (
        <Alert
          color="red"
          variant="light"
          icon={<IconAlert />}
          title="This cannot be meant"
          mb="sm"
          data-testid="rules-problems"
        >
          {problems.map((problem) => (
            <div key={problem}>{problem}</div>
          ))}
        </Alert>
      )}
      <Text size="sm" data-testid="rules-says">
        {changed_members === 0
          ? `Nothing would change for the ${plural(members, "person", "people")} of several records.`
          : `${plural(changed_members, "person", "people")} of ${count(members)} would change.`}{" "}
        {open_before !== open_after &&
          `A person would have to choose for ${count(open_after)} instead of ${count(open_before)}.`}
      </Text>
      {fields.length > 0 && (
        <ul className={classes.effects}>
          {fields.map(({ field, changed, opened, closed }) => (
            <li key={field}>
              {TARGET_LABELS[field]}:{" "}
              {[
                changed > 0 && `${count(changed)} other values`,
                opened > 0 && `${count(opened)} newly to choose`,
                closed > 0 && `${count(closed)} no longer to choose`,
              ]
                .filter(Boolean)
                .join(", ")}
            </li>
          ))}
        </ul>
      )}
      {examples.length > 0 && <Examples examples={examples} />}
    </div>
  );
}
