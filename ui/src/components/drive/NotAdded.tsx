import { Alert, List, Text } from "@mantine/core";
import type { DriveItem, DriveNotAdded } from "../../api";
import { plural } from "../format";
import { IconStop } from "../icons";

/** Which of the chosen files could not be added, each with why and what to do. */
export function NotAdded({ notAdded, items }: { notAdded: DriveNotAdded[]; items: DriveItem[] }) {
  if (notAdded.length === 0) return null;
  const name = (id: string) => items.find((item) => item.id === id)?.name ?? "A file";
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconStop />}
      role="alert"
      title={`${plural(notAdded.length, "file")} from Google Drive could not be added`}
      data-testid="drive-not-added"
    >
      <List size="sm" spacing={4}>
        {notAdded.map(({ id, message, help }) => (
          <List.Item key={id}>
            <Text component="span" size="sm" fw={600}>
              {name(id)}
            </Text>
            : {message}. {help}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
