import { Button, Checkbox, Group, Skeleton, Stack, Text } from "@mantine/core";
import type { DriveItem, DriveKind } from "../../api";
import { fileSize, moment } from "../format";
import { IconCompany, IconFile, IconList, IconSheet } from "../icons";
import { Pill } from "../Pill";
import { ScrollRegion } from "../ScrollRegion";
import classes from "./DrivePicker.module.css";
import type { Browse } from "./useBrowse";

const ICONS: Record<DriveKind, typeof IconFile> = {
  folder: IconList,
  shared_drive: IconCompany,
  text: IconFile,
  workbook: IconSheet,
  sheet: IconSheet,
};
const KINDS: Record<DriveKind, string> = {
  folder: "Folder",
  shared_drive: "Shared drive",
  text: "Text list",
  workbook: "Workbook",
  sheet: "Google Sheet",
};

const isFolder = (item: DriveItem) => item.kind === "folder" || item.kind === "shared_drive";

function Name({ item, onEnter }: { item: DriveItem; onEnter: () => void }) {
  const Icon = ICONS[item.kind];
  const kind = item.shortcut ? `${KINDS[item.kind]}, shortcut` : KINDS[item.kind];
  return (
    <Group gap={8} wrap="nowrap">
      <Icon size={18} className={classes.icon} />
      <div className={classes.words}>
        {isFolder(item) ? (
          <button type="button" className={classes.folder} onClick={onEnter}>
            {item.name}
          </button>
        ) : (
          <Text component="span" size="sm" fw={600}>
            {item.name}
          </Text>
        )}
        <Text component="span" display="block" size="xs" c="dimmed">
          {kind}
          {!isFolder(item) && !item.downloadable && " · the owner does not allow downloads"}
        </Text>
      </div>
      {item.changed ? (
        <Pill tone="warning">Changed since your import</Pill>
      ) : (
        item.imported && <Pill tone="good">Imported</Pill>
      )}
    </Group>
  );
}

type RowProps = { item: DriveItem; chosen: boolean; onChoose: (on: boolean) => void; onEnter: () => void };

function Row({ item, chosen, onChoose, onEnter }: RowProps) {
  return (
    <tr data-testid="drive-item" data-chosen={chosen}>
      <td className={classes.check}>
        {!isFolder(item) && (
          <Checkbox
            size="xs"
            checked={chosen}
            disabled={!item.downloadable}
            onChange={(event) => onChoose(event.currentTarget.checked)}
            aria-label={`Choose ${item.name}`}
            data-testid={`drive-choose-${item.id}`}
          />
        )}
      </td>
      <td>
        <Name item={item} onEnter={onEnter} />
      </td>
      <td>{item.owner ?? "—"}</td>
      <td className="numeric">{item.size === null ? "—" : fileSize(item.size)}</td>
      <td className="numeric">{item.modified === null ? "—" : moment(item.modified)}</td>
    </tr>
  );
}

type Props = {
  browse: Browse;
  chosen: Map<string, DriveItem>;
  onChoose: (item: DriveItem, on: boolean) => void;
};

function Nothing({ browse }: { browse: Browse }) {
  const why = browse.search
    ? `No list or folder has a name with “${browse.search}”.`
    : "There is no folder and no list here.";
  return (
    <Text c="dimmed" size="sm" p="lg" ta="center">
      {why}
    </Text>
  );
}

/** Folders and lists, the newest first, to look into and to choose. */
export function DriveItems({ browse, chosen, onChoose }: Props) {
  const { pages, items } = browse;
  if (pages.isPending) {
    return (
      <Stack gap={8} aria-hidden="true">
        {[0, 1, 2, 3].map((line) => (
          <Skeleton key={line} height={38} />
        ))}
      </Stack>
    );
  }
  if (pages.isError && items.length === 0) return null;
  return (
    <ScrollRegion label="Google Drive" className={classes.region}>
      <table className={classes.table} data-testid="drive-items">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Chosen</span>
            </th>
            <th scope="col">Name</th>
            <th scope="col">Owner</th>
            <th scope="col">Size</th>
            <th scope="col">Changed</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Row
              key={item.id}
              item={item}
              chosen={chosen.has(item.id)}
              onChoose={(on) => onChoose(item, on)}
              onEnter={() => browse.enter(item)}
            />
          ))}
        </tbody>
      </table>
      {items.length === 0 && !pages.hasNextPage && <Nothing browse={browse} />}
      {browse.incomplete && (
        <Text size="sm" c="dimmed" p="sm">
          Google did not look through every shared drive. Open the drive to find what is missing.
        </Text>
      )}
      {pages.hasNextPage && (
        <Group justify="center" p="sm">
          <Button
            size="xs"
            variant="default"
            loading={pages.isFetchingNextPage}
            onClick={() => pages.fetchNextPage()}
            data-testid="drive-more"
          >
            Show more
          </Button>
        </Group>
      )}
    </ScrollRegion>
  );
}
