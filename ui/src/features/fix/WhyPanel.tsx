import { CloseButton, Divider, Skeleton, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type FieldInfo, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { count } from "../../components/format";
import { CLASS_LABELS } from "../../components/labels";
import { Private } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import { ScrollRegion } from "../../components/ScrollRegion";
import classes from "./Fix.module.css";
import type { CellAt } from "./FixGrid";
import { StoryContent } from "./StoryContent";

type Props = {
  importId: number;
  cell: CellAt | null;
  fields: FieldInfo[];
  onClose: () => void;
};

function WholeRow({ importId, row }: { importId: number; row: number }) {
  const api = useApi();
  const story = useQuery({
    queryKey: [...keys.fix(importId), "row", row],
    queryFn: () => api.rowStory(importId, row),
    gcTime: 30_000,
  });
  if (story.error) return <ErrorNotice error={story.error} retry={() => story.refetch()} />;
  if (!story.data) return <Skeleton height={120} aria-hidden="true" />;
  const { file, line, raw } = story.data;
  return (
    <>
      <Title order={3}>The row as it was read</Title>
      <Text size="xs" c="dimmed">
        {file}, line {count(line)} · {CLASS_LABELS[story.data.class]}
      </Text>
      <dl className={classes.rawRow} data-testid="raw-row">
        {raw.map(({ header, value }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: headers repeat, columns do not move
          <div key={index} style={{ display: "contents" }}>
            <dt>{header}</dt>
            <dd>{value === "" ? <em>(empty)</em> : <Private value={value} />}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** Follows the cell in focus and tells its story, and its row's. */
export function WhyPanel({ importId, cell, fields, onClose }: Props) {
  // Moving through the grid with a key held down must not ask for every cell on the way.
  const [settled] = useDebouncedValue(cell, 120);
  return (
    <aside className={classes.why} aria-label="Why is this cell as it is?" data-testid="why-panel">
      <div className={classes.whyHead}>
        <Title order={2}>Why?</Title>
        <CloseButton aria-label="Close (F1)" onClick={onClose} />
      </div>
      <ScrollRegion className={classes.whyBody} label="Story of the cell" live>
        {settled ? (
          <>
            <StoryContent importId={importId} cell={settled} fields={fields} />
            <Divider my="md" />
            <WholeRow importId={importId} row={settled.row} />
          </>
        ) : (
          <Text size="sm" c="dimmed">
            Move to a cell of the grid: what the file says, what changed it and what is wrong with it appears
            here.
          </Text>
        )}
      </ScrollRegion>
    </aside>
  );
}
