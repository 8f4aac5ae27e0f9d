import { Alert } from "@mantine/core";
import type { PlanView } from "../../api";
import { count } from "../../components/format";
import { IconAlert } from "../../components/icons";
import { TARGET_LABELS } from "../../components/labels";

/** A warning where so much of a field would be overwritten that the columns may be mixed up. */
export function Overwrites({ plan }: { plan: PlanView }) {
  const fields = plan.impact.filter((impact) => impact.warn);
  if (fields.length === 0) return null;
  const named = fields.map(
    ({ field, overwrites }) => `${TARGET_LABELS[field].toLowerCase()} of ${count(overwrites)} members`,
  );
  return (
    <Alert
      color="orange"
      variant="light"
      icon={<IconAlert />}
      title="Much would be overwritten"
      data-testid="overwrites"
    >
      More than 30 % of what the database has would be replaced: {named.join(", ")}. Look at the rows below
      before you push: columns may be mixed up.
    </Alert>
  );
}
