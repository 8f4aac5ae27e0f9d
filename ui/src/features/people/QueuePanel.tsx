import { Button } from "@mantine/core";
import type { QueueItem, QueueQuery } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { plural } from "../../components/format";
import { IconMerge } from "../../components/icons";
import { Filters } from "./Filters";
import classes from "./People.module.css";
import { QueueList } from "./QueueList";
import type { Queue } from "./useQueue";
import { labelOf } from "./words";

type Props = {
  query: QueueQuery;
  queue: Queue;
  clubs: string[];
  group: number | null;
  at: number;
  /** grows when the filters are cleared: what is typed goes, too */
  cleared: number;
  onQuery: (query: QueueQuery) => void;
  onOpen: (item: QueueItem) => void;
  onMove: (by: number) => void;
  onBulk: () => void;
};

/** The queue with what narrows it, and the merge of all that has no conflict. */
export function QueuePanel({ query, queue, clubs, group, at, cleared, ...on }: Props) {
  const { total } = queue;
  return (
    <div className={classes.side}>
      <Filters key={cleared} query={query} clubs={clubs} onQuery={on.onQuery} />
      {queue.error !== null && (
        <div className={classes.notice}>
          <ErrorNotice error={queue.error} retry={() => queue.retry()} />
        </div>
      )}
      <QueueList
        queue={queue}
        group={group}
        at={at}
        label={`${labelOf(query.kind)}: ${total === null ? "groups" : plural(total, "group")}`}
        onOpen={on.onOpen}
        onMove={on.onMove}
      />
      {query.kind === "to_review" && total !== null && total > 0 && (
        <div className={classes.bulk}>
          <Button
            fullWidth
            size="xs"
            variant="default"
            leftSection={<IconMerge size={15} />}
            onClick={on.onBulk}
            data-testid="open-bulk"
          >
            Merge the conflict-free…
          </Button>
        </div>
      )}
    </div>
  );
}
