import { Button, Group, List, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { DriveAccount, DriveClientView } from "../../../api";
import { ConnectDrive } from "../../../components/drive/ConnectDrive";
import { useDriveAccounts, useDriveClient } from "../../../components/drive/useDrive";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { Pill } from "../../../components/Pill";
import { Section } from "../Section";
import { ClientDialog } from "./ClientDialog";
import { DisconnectDialog } from "./DisconnectDialog";
import classes from "./Drive.module.css";
import { DriveTestDialog } from "./DriveTestDialog";

type Doing = { what: "client" } | { what: "test" | "disconnect"; account: DriveAccount };

function HowToGetOne() {
  return (
    <Stack gap="xs" data-testid="drive-how">
      <Text size="sm">
        Muster signs in to Google as an OAuth client, and your organisation needs one of its own. It takes
        about ten minutes, once:
      </Text>
      <List type="ordered" size="sm" spacing={4}>
        <List.Item>
          Open the Google Cloud console (console.cloud.google.com) and make a project, or choose one.
        </List.Item>
        <List.Item>Under “APIs and services”, switch on the Google Drive API.</List.Item>
        <List.Item>
          Under “Google Auth Platform”, name the app and choose who may use it: “Internal” for your
          organisation.
        </List.Item>
        <List.Item>Under “Clients”, make a client of the kind “Desktop app”.</List.Item>
        <List.Item>Copy its id and its secret, and enter them here.</List.Item>
      </List>
    </Stack>
  );
}

function Client({ client, onEdit }: { client: DriveClientView; onEdit: () => void }) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm" className={classes.id} data-testid="drive-client">
        OAuth client: {client.client_id}
        {client.has_secret ? " (with its secret)" : " (without a secret)"}
      </Text>
      <Button size="xs" variant="default" onClick={onEdit} data-testid="drive-client-edit">
        Change…
      </Button>
    </Group>
  );
}

function Account({ account, onDo }: { account: DriveAccount; onDo: (doing: Doing) => void }) {
  const name = account.email || account.name;
  return (
    <li className={classes.row} data-testid={`drive-account-${account.id}`}>
      <div className={classes.words}>
        <Group gap="xs">
          <Text fw={600}>{name}</Text>
          <Pill tone={account.signed_out ? "error" : "good"}>
            {account.signed_out ? "Signed out" : "Connected"}
          </Pill>
        </Group>
        <Text size="sm" c="dimmed">
          {account.name}
        </Text>
      </div>
      <Group gap="xs" wrap="nowrap">
        <Button
          size="xs"
          variant="default"
          onClick={() => onDo({ what: "test", account })}
          aria-label={`Test ${name}`}
          data-testid={`drive-test-${account.id}`}
        >
          Test
        </Button>
        <Button
          size="xs"
          variant="default"
          onClick={() => onDo({ what: "disconnect", account })}
          aria-label={`Disconnect ${name}`}
          data-testid={`drive-disconnect-${account.id}`}
        >
          Disconnect…
        </Button>
      </Group>
    </li>
  );
}

function Accounts({ onDo }: { onDo: (doing: Doing) => void }) {
  const accounts = useDriveAccounts();
  return (
    <>
      <ErrorNotice error={accounts.error} retry={() => accounts.refetch()} />
      {accounts.data && accounts.data.length > 0 && (
        <ul className={classes.list} aria-label="Google accounts">
          {accounts.data.map((account) => (
            <Account key={account.id} account={account} onDo={onDo} />
          ))}
        </ul>
      )}
      {accounts.data?.some((account) => account.signed_out) && (
        <Text size="sm">A sign-in is over. Connect the same account again: its files stay known.</Text>
      )}
      {accounts.data && <ConnectDrive />}
    </>
  );
}

/** Google Drive: as which client Muster signs in, and the accounts that are connected. */
export function DriveSection() {
  const client = useDriveClient();
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = () => setDoing(null);
  const isSetUp = client.data && client.data.client_id !== null;
  return (
    <Section title="Google Drive">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          Muster reads lists from your Drive and never changes anything there. The sign-in is kept in this
          computer’s keychain. Lists are then chosen on the Files step of an import.
        </Text>
        <ErrorNotice error={client.error} retry={() => client.refetch()} />
        {client.isPending && <Skeleton height={40} />}
        {client.data && !isSetUp && (
          <>
            <HowToGetOne />
            <Group>
              <Button size="xs" onClick={() => setDoing({ what: "client" })} data-testid="drive-client-edit">
                Enter the client…
              </Button>
            </Group>
          </>
        )}
        {isSetUp && <Client client={client.data} onEdit={() => setDoing({ what: "client" })} />}
        {isSetUp && <Accounts onDo={setDoing} />}
      </Stack>
      {doing?.what === "client" && <ClientDialog clientId={client.data?.client_id ?? ""} onClose={close} />}
      {doing?.what === "test" && <DriveTestDialog account={doing.account} onClose={close} />}
      {doing?.what === "disconnect" && <DisconnectDialog account={doing.account} onClose={close} />}
    </Section>
  );
}
