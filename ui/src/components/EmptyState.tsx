import { Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { ReactNode } from "react";

type Props = { icon: ReactNode; title: string; children?: ReactNode; actions?: ReactNode };

/** What a screen says when it has nothing to show, and what to do about it. */
export function EmptyState({ icon, title, children, actions }: Props) {
  return (
    <Stack align="center" gap="xs" py={48} px="lg" ta="center" data-testid="empty-state">
      <ThemeIcon size={52} radius="xl" variant="light" aria-hidden="true">
        {icon}
      </ThemeIcon>
      <Title order={2} mt="xs">
        {title}
      </Title>
      {children && (
        <Text c="dimmed" maw={460}>
          {children}
        </Text>
      )}
      {actions && (
        <Stack gap="xs" mt="md">
          {actions}
        </Stack>
      )}
    </Stack>
  );
}
