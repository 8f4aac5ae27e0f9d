import { Text } from "@mantine/core";
import type { Difference } from "../api";
import { TARGET_LABELS } from "./labels";
import { Private } from "./privacy";

/** Where a row says otherwise than the database, field by field; without differences, the reason. */
export function Differences({ row }: { row: { reason: string; differences: Difference[] } }) {
  if (row.differences.length === 0) return <>{row.reason}</>;
  return (
    <>
      {row.differences.map(({ field, theirs, ours }) => (
        <span key={field} style={{ display: "block" }}>
          <Text component="span" size="xs" c="dimmed">
            {TARGET_LABELS[field]}:
          </Text>{" "}
          {theirs === null ? <em>(empty)</em> : <Private value={theirs} field={field} />} there,{" "}
          <b>{ours === null ? "(empty)" : <Private value={ours} field={field} />}</b> here
        </span>
      ))}
    </>
  );
}
