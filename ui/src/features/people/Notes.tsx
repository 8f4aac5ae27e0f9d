import { Alert, Text } from "@mantine/core";
import type { PersonGroup } from "../../api";
import { moment } from "../../components/format";
import { IconHistory } from "../../components/icons";
import { TARGET_LABELS } from "../../components/labels";
import { Private, usePrivacy } from "../../components/privacy";

/** What was decided about these records before, and what changed since. */
export function Notes({ group }: { group: PersonGroup }) {
  const { hidden } = usePrivacy();
  const [first] = group.changed;
  return (
    <>
      {first && (
        <Alert
          color="yellow"
          variant="light"
          icon={<IconHistory />}
          title="Decided before, and changed since"
          data-testid="changed-since"
        >
          {first.person} said “{first.verdict === "same" ? "same person" : "different people"}” on{" "}
          {moment(first.decided)}. Since then{" "}
          {group.changed.map((change, at) => (
            <span key={`${change.record} ${change.field}`}>
              {at > 0 && "; "}
              {TARGET_LABELS[change.field].toLowerCase()} of record{" "}
              {group.records.findIndex(({ record }) => record === change.record) + 1} became{" "}
              {change.after === null ? "blank" : <Private value={change.after} field={change.field} />} (was{" "}
              {change.before === null ? "blank" : <Private value={change.before} field={change.field} />})
            </span>
          ))}
          .
        </Alert>
      )}
      {group.decisions.map((decision) => (
        <Text key={`${decision.id} ${decision.decided}`} size="sm" c="dimmed" data-testid="group-decision">
          Decided by {decision.person}, {moment(decision.decided)}
          {!hidden && `: ${decision.label}`}
        </Text>
      ))}
    </>
  );
}
