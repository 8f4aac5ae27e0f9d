import {
  Anchor,
  Breadcrumbs,
  Button,
  Group,
  Modal,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import type { DriveAccount, DriveItem, DrivePlace } from "../../api";
import { ErrorNotice } from "../ErrorNotice";
import { plural } from "../format";
import { IconSearch } from "../icons";
import { ConnectDrive } from "./ConnectDrive";
import { DriveError } from "./DriveError";
import { DriveItems } from "./DriveItems";
import { type Browse, useBrowse } from "./useBrowse";
import { useDriveAccounts, useDriveClient } from "./useDrive";

const PLACES: { value: DrivePlace; label: string }[] = [
  { value: "my_drive", label: "My Drive" },
  { value: "shared_with_me", label: "Shared with me" },
  { value: "shared_drives", label: "Shared drives" },
];

/** What was chosen: an account, and files of it. */
export type Picked = { account: string; items: DriveItem[] };

/** Looks for a name once nobody has typed for a moment. */
function SearchInput({ browse }: { browse: Browse }) {
  const [typed, setTyped] = useState(browse.search);
  const { search, setSearch } = browse;
  useEffect(() => setTyped(search), [search]);
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), 400);
    return () => clearTimeout(timer);
  }, [typed, setSearch]);
  return (
    <TextInput
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => event.key === "Enter" && setSearch(typed.trim())}
      placeholder="Search all of Drive by name"
      aria-label="Search Google Drive by name"
      leftSection={<IconSearch size={16} />}
      data-autofocus
      data-testid="drive-search"
      flex={1}
    />
  );
}

function Path({ browse }: { browse: Browse }) {
  if (browse.search) {
    return (
      <Text size="sm" data-testid="drive-path">
        Everywhere, the newest first
      </Text>
    );
  }
  const top = PLACES.find(({ value }) => value === browse.place)?.label ?? "";
  const names = [top, ...browse.path.map(({ name }) => name)];
  const here = names.length - 1;
  // The same folder may be on the way twice, through a shortcut: its place tells them apart.
  const steps = names.map((name, depth) => ({ name, depth, id: `${depth}-${name}` }));
  return (
    <Breadcrumbs data-testid="drive-path">
      {steps.map(({ name, depth, id }) =>
        depth === here ? (
          <Text key={id} size="sm" fw={600}>
            {name}
          </Text>
        ) : (
          <Anchor key={id} component="button" type="button" size="sm" onClick={() => browse.upTo(depth)}>
            {name}
          </Anchor>
        ),
      )}
    </Breadcrumbs>
  );
}

type BodyProps = { accounts: DriveAccount[]; onPick: (picked: Picked) => void; onClose: () => void };

function Body({ accounts, onPick, onClose }: BodyProps) {
  const [account, setAccount] = useState(accounts[0]?.id ?? null);
  const [chosen, setChosen] = useState(new Map<string, DriveItem>());
  const browse = useBrowse(account);
  const choose = (item: DriveItem, on: boolean) => {
    const next = new Map(chosen);
    if (on) next.set(item.id, item);
    else next.delete(item.id);
    setChosen(next);
  };
  const change = (to: string | null) => {
    setAccount(to);
    setChosen(new Map());
    browse.go("my_drive");
  };
  return (
    <Stack gap="sm">
      <Group wrap="nowrap">
        <SearchInput browse={browse} />
        <Select
          data={accounts.map(({ id, email, name }) => ({ value: id, label: email || name }))}
          value={account}
          onChange={change}
          allowDeselect={false}
          aria-label="Google account"
          data-testid="drive-account"
          w={260}
        />
      </Group>
      <SegmentedControl
        data={PLACES}
        value={browse.place}
        onChange={(place) => browse.go(place as DrivePlace)}
        aria-label="Where to look"
        data-testid="drive-place"
      />
      <Path browse={browse} />
      <DriveError error={browse.pages.error} retry={() => browse.pages.refetch()} />
      <DriveItems browse={browse} chosen={chosen} onChoose={choose} />
      <Group justify="space-between">
        <Text size="sm" c="dimmed" role="status" data-testid="drive-chosen">
          {plural(chosen.size, "file")} chosen
        </Text>
        <Group gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={chosen.size === 0 || account === null}
            onClick={() => account !== null && onPick({ account, items: [...chosen.values()] })}
            data-testid="drive-import"
          >
            Add to the import
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}

function Start({ ready, onClose }: { ready: boolean; onClose: () => void }) {
  let words: ReactNode = "Connect a Google account to choose lists from its Drive. Muster only reads.";
  if (!ready)
    words = (
      <>
        Google Drive is not set up on this computer: Muster needs the id of an OAuth client.{" "}
        <Anchor href="#/settings" underline="always" onClick={onClose}>
          Settings, Google Drive
        </Anchor>{" "}
        tells how to get one.
      </>
    );
  return (
    <Stack data-testid="drive-start">
      <Text size="sm">{words}</Text>
      {ready && <ConnectDrive />}
    </Stack>
  );
}

/** Lets the person choose lists in Google Drive, signing in first where that is needed. */
export function DrivePicker({ onPick, onClose }: { onPick: (picked: Picked) => void; onClose: () => void }) {
  const client = useDriveClient();
  const accounts = useDriveAccounts();
  const error = client.error ?? accounts.error;
  const retry = () => {
    client.refetch();
    accounts.refetch();
  };
  const ready = client.data && accounts.data;
  return (
    <Modal opened onClose={onClose} title="Choose lists from Google Drive" size="min(960px, 94vw)">
      <ErrorNotice error={error} retry={retry} />
      {ready &&
        (accounts.data.length > 0 && client.data.client_id ? (
          <Body accounts={accounts.data} onPick={onPick} onClose={onClose} />
        ) : (
          <Start ready={client.data.client_id !== null} onClose={onClose} />
        ))}
    </Modal>
  );
}
