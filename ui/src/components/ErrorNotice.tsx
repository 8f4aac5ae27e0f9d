import { Alert, Button, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { asUserError, isCancelled } from "./errors";
import { IconInfo, IconStop } from "./icons";

type Props = { error: unknown; retry?: () => void; children?: ReactNode };

/** What went wrong, what to do about it, and a way to try again. A cancelled job is told as such. */
export function ErrorNotice({ error, retry, children }: Props) {
  if (!error) return null;
  const { message, help } = asUserError(error);
  const cancelled = isCancelled(error);
  return (
    <Alert
      color={cancelled ? "gray" : "red"}
      variant="light"
      icon={cancelled ? <IconInfo /> : <IconStop />}
      title={cancelled ? "Cancelled" : message}
      role="alert"
      styles={{ title: { whiteSpace: "pre-line" } }}
      data-testid="error-notice"
    >
      <Text size="sm">{cancelled ? "You stopped this step; nothing was changed." : help}</Text>
      {(retry || children) && (
        <Group mt="sm" gap="sm">
          {retry && (
            <Button size="xs" variant="default" onClick={retry}>
              {cancelled ? "Start again" : "Try again"}
            </Button>
          )}
          {children}
        </Group>
      )}
    </Alert>
  );
}
