import { Checkbox, Select } from "@mantine/core";
import type { Field } from "../../api";
import { TARGET_LABELS } from "../../components/labels";
import { ClubOrder } from "./ClubOrder";
import classes from "./Dialogs.module.css";
import {
  completeOrder,
  defaultRule,
  newRule,
  RULE_LABELS,
  type RuleName,
  ruleOf,
  type Settings,
  withRule,
} from "./survivorship";
import { OF_MEMBERSHIP, OF_PERSON } from "./words";

type Props = {
  settings: Settings;
  clubs: string[];
  onChange: (settings: Settings) => void;
};

function OwnOrder({ field, settings, clubs, onChange }: Props & { field: Field }) {
  const rule = ruleOf(settings, field);
  if (rule.rule !== "source_priority") return null;
  const sources = rule.sources ?? [];
  const isOwn = sources.length > 0;
  const set = (order: string[]) =>
    onChange(withRule(settings, field, { rule: "source_priority", sources: order }));
  return (
    <div className={classes.own}>
      <Checkbox
        size="xs"
        label="An order of its own"
        aria-label={`${TARGET_LABELS[field]}: an order of its own`}
        checked={isOwn}
        onChange={() => set(isOwn ? [] : completeOrder(settings.source_order, clubs))}
      />
      {isOwn && (
        <ClubOrder
          label={`Clubs in the order of trust for ${TARGET_LABELS[field]}`}
          order={completeOrder(sources, clubs)}
          onOrder={set}
        />
      )}
    </div>
  );
}

/** A rule for each field: whose value wins where the records differ. */
export function FieldRules(props: Props) {
  const { settings, onChange } = props;
  // A field that moves with another is taken from the record that the group's first field chose.
  const leaderOf = (field: Field) => {
    const group = settings.groups.find(({ fields }) => fields.includes(field));
    return group && group.fields[0] !== field ? (group.fields[0] ?? null) : null;
  };
  const options = (field: Field) =>
    (Object.keys(RULE_LABELS) as RuleName[]).map((rule) => ({
      value: rule,
      label: rule === defaultRule(field) ? `${RULE_LABELS[rule]} (default)` : RULE_LABELS[rule],
    }));
  return (
    <ul className={classes.rules} aria-label="A rule for each field">
      {[...OF_PERSON, ...OF_MEMBERSHIP].map((field) => {
        const leader = leaderOf(field);
        return (
          <li key={field}>
            <span>
              {TARGET_LABELS[field]}
              {leader && (
                <span className={classes.dim}>moves with {TARGET_LABELS[leader].toLowerCase()}</span>
              )}
            </span>
            <Select
              size="xs"
              aria-label={`Rule of ${TARGET_LABELS[field]}`}
              data={options(field)}
              disabled={leader !== null}
              value={ruleOf(settings, field).rule}
              onChange={(value) => value && onChange(withRule(settings, field, newRule(value as RuleName)))}
              data-testid={`rule-${field}`}
            />
            <OwnOrder {...props} field={field} />
          </li>
        );
      })}
    </ul>
  );
}
