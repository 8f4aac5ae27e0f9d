import { Group, Paper, SegmentedControl, Text, Title } from "@mantine/core";
import { type ReactNode, useId, useState } from "react";
import classes from "./Statistics.module.css";

/** How a card shows its counts. */
export type View = "chart" | "table";

type Props = {
  name: string;
  title: string;
  note?: ReactNode;
  wide?: boolean;
  children: (view: View) => ReactNode;
};

/** One statistic, as a chart or as a table. */
export function Card({ name, title, note, wide, children }: Props) {
  const [view, setView] = useState<View>("chart");
  const heading = useId();
  return (
    <Paper
      withBorder
      p="md"
      component="section"
      aria-labelledby={heading}
      className={wide ? classes.wide : undefined}
      data-testid={`statistic-${name}`}
    >
      <Group justify="space-between" wrap="nowrap" align="flex-start" mb="sm">
        <div>
          <Title order={2} id={heading}>
            {title}
          </Title>
          {note && (
            <Text size="sm" c="dimmed">
              {note}
            </Text>
          )}
        </div>
        <SegmentedControl
          size="xs"
          aria-label={`${title}: show as`}
          value={view}
          onChange={(chosen) => setView(chosen as View)}
          data={[
            { value: "chart", label: "Chart" },
            { value: "table", label: "Table" },
          ]}
          data-testid={`view-${name}`}
          className={classes.view}
        />
      </Group>
      {children(view)}
    </Paper>
  );
}
