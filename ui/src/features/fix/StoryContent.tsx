import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type CellStory, type FieldInfo, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { LevelIcon } from "../../components/LevelIcon";
import { Private } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import classes from "./Fix.module.css";
import type { CellAt } from "./FixGrid";

type Props = { importId: number; cell: CellAt; fields: FieldInfo[] };

function Value({ story, value }: { story: CellStory; value: string | null }) {
  if (value === null || value === "") return <em>(empty)</em>;
  return <Private value={value} field={story.field} />;
}

function Story({ story, label }: { story: CellStory; label: string }) {
  return (
    <div className={classes.story}>
      <div>
        <div className={classes.storyTerm}>{label} now</div>
        <strong className={classes.storyValue}>
          <Value story={story} value={story.value} />
        </strong>
      </div>
      <div>
        <div className={classes.storyTerm}>In the file</div>
        <span className={classes.storyValue}>
          <Value story={story} value={story.raw} />
        </span>
      </div>
      {story.changes.map((change, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: changes have no name and never move
        <div key={index} className={classes.change} data-person={change.by_person}>
          <div className={classes.storyTerm}>
            {change.label} · {change.by_person ? "by you" : "by a rule"}
          </div>
          <span className={classes.storyValue}>
            <Value story={story} value={change.before} /> → <Value story={story} value={change.after} />
          </span>
        </div>
      ))}
      {story.issues.map((issue) => (
        <div key={issue.rule} className={classes.storyIssue}>
          <LevelIcon level={issue.level} />
          <div>
            <strong>{issue.label}</strong>
            <div className={classes.storyTerm}>{issue.help}</div>
          </div>
        </div>
      ))}
    </div>
  );
}

/** Why a cell is as it is: what the file says, what changed it, what is wrong with it. */
export function StoryContent({ importId, cell, fields }: Props) {
  const api = useApi();
  const story = useQuery({
    queryKey: [...keys.fix(importId), "cell", cell.row, cell.field],
    queryFn: () => api.cellStory(importId, cell.row, cell.field),
    gcTime: 30_000,
  });
  if (story.error) return <ErrorNotice error={story.error} retry={() => story.refetch()} />;
  if (!story.data) return <Skeleton height={84} aria-hidden="true" />;
  return (
    <Story story={story.data} label={fields.find(({ field }) => field === cell.field)?.label ?? cell.field} />
  );
}
