import { Group, Paper, Title } from "@mantine/core";
import type { ReactNode } from "react";

type Props = { title: string; actions?: ReactNode; children: ReactNode };

/** A part of the settings. */
export function Section({ title, actions, children }: Props) {
  return (
    <Paper withBorder p="lg" component="section" aria-label={title}>
      <Group justify="space-between" mb="md">
        <Title order={2}>{title}</Title>
        {actions}
      </Group>
      {children}
    </Paper>
  );
}
