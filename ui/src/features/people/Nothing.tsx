import { Button } from "@mantine/core";
import type { PeopleCounts, QueueKind } from "../../api";
import { EmptyState } from "../../components/EmptyState";
import { count, plural } from "../../components/format";
import { IconCheck, IconFilter } from "../../components/icons";
import { KINDS, waiting } from "./words";

type Props = {
  counts: PeopleCounts;
  kind: QueueKind;
  narrowed: boolean;
  onKind: (kind: QueueKind) => void;
  onClear: () => void;
  onPush: () => void;
};

/** Where there is no group to show: what was found, and where to go from here. */
export function Nothing({ counts, kind, narrowed, onKind, onClear, onPush }: Props) {
  if (narrowed) {
    return (
      <EmptyState
        icon={<IconFilter size={26} />}
        title="No group found"
        actions={
          <Button variant="default" onClick={onClear} data-testid="people-clear">
            Clear filters
          </Button>
        }
      >
        No group fits everything that is chosen.
      </EmptyState>
    );
  }
  const next = KINDS.find(
    (one) =>
      ["to_review", "conflicts", "changed"].includes(one.kind) &&
      one.kind !== kind &&
      counts[one.kind as "changed"] > 0,
  );
  if (next) {
    return (
      <EmptyState
        icon={<IconCheck size={26} />}
        title="Nothing left here"
        actions={
          <Button onClick={() => onKind(next.kind)} data-testid="people-next-kind">
            Go to “{next.label}”
          </Button>
        }
      >
        {plural(waiting(counts), "group")} of another kind {waiting(counts) === 1 ? "waits" : "wait"} for you.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<IconCheck size={26} />}
      title={counts.decided > 0 ? "All is settled" : "Nothing to review"}
      actions={
        <>
          <Button onClick={onPush} data-testid="people-push">
            Go to Push
          </Button>
          {counts.found > 0 && kind !== "merged" && (
            <Button variant="default" onClick={() => onKind("merged")}>
              Look at what was merged
            </Button>
          )}
        </>
      }
    >
      {plural(counts.records, "record")} {counts.records === 1 ? "is" : "are"} {count(counts.people)}{" "}
      {counts.people === 1 ? "person" : "people"}. {plural(counts.found, "person was", "people were")} found
      in several records, {count(counts.decided)} {counts.decided === 1 ? "group was" : "groups were"} decided
      by a person.
    </EmptyState>
  );
}
