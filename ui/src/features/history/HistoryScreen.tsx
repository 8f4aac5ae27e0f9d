import { Button, Group, Paper, Skeleton, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type PushEntry, useApi } from "../../api";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNotice } from "../../components/ErrorNotice";
import { count, moment } from "../../components/format";
import { IconHistory } from "../../components/icons";
import { Page } from "../../components/Page";
import { keys } from "../../components/queryKeys";
import { FilesDialog } from "./FilesDialog";
import { UndoDialog } from "./UndoDialog";

const BY_HAND: Record<string, string> = {
  edit: "Edit by hand",
  merge: "Merge of two members",
  unmerge: "Un-merge of two members",
};

/** What an entry of the ledger is. */
function what(entry: PushEntry): string {
  if (entry.kind === "undo") return `Undo of #${entry.undoes}`;
  return BY_HAND[entry.kind] ?? entry.import_name;
}

type RowProps = {
  push: PushEntry;
  onFiles: (push: PushEntry) => void;
  onUndo: (push: PushEntry) => void;
};

function PushRow({ push, onFiles, onUndo }: RowProps) {
  return (
    <Table.Tr data-testid={`push-${push.id}`}>
      <Table.Td className="numeric">#{push.id}</Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{moment(push.finished)}</Table.Td>
      <Table.Td>{what(push)}</Table.Td>
      <Table.Td>{push.person}</Table.Td>
      {[push.inserted, push.updated, push.removed, push.skipped, push.rejected].map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: five fixed columns
        <Table.Td key={index} ta="right" className="numeric">
          {count(value)}
        </Table.Td>
      ))}
      <Table.Td>
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          {push.kind === "push" && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => onFiles(push)}
              aria-label={`Files… of #${push.id}`}
              data-testid={`files-${push.id}`}
            >
              Files…
            </Button>
          )}
          {push.undone ? (
            <Text size="sm" c="dimmed">
              Undone
            </Text>
          ) : (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => onUndo(push)}
              aria-label={`Undo #${push.id}`}
              data-testid={`undo-${push.id}`}
            >
              Undo…
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

/** Every push: when, where to, by whom, and what it wrote. */
export function HistoryScreen() {
  const api = useApi();
  const history = useQuery({ queryKey: keys.history, queryFn: () => api.pushHistory(), staleTime: 0 });
  const info = useQuery({ queryKey: keys.appInfo, queryFn: () => api.appInfo() });
  const [undoing, setUndoing] = useState<PushEntry | null>(null);
  const [showing, setShowing] = useState<PushEntry | null>(null);
  return (
    <Page title="History" lead="Every push, undo and edit of the database, newest first.">
      <Stack>
        <ErrorNotice error={history.error} retry={() => history.refetch()} />
        {history.isPending && <Skeleton height={180} aria-hidden="true" />}
        {history.data?.length === 0 && (
          <EmptyState icon={<IconHistory size={28} />} title="Nothing has been pushed yet">
            When an import is pushed, it is listed here with what it added, skipped and refused.
          </EmptyState>
        )}
        {history.data && history.data.length > 0 && (
          <Paper withBorder style={{ overflowX: "auto" }}>
            <Table verticalSpacing="sm" horizontalSpacing="sm" aria-label="Pushes">
              <Table.Thead>
                <Table.Tr>
                  {["Number", "When", "What", "Person"].map((name) => (
                    <Table.Th key={name}>{name}</Table.Th>
                  ))}
                  {["Added", "Changed", "Removed", "Skipped", "Refused"].map((name) => (
                    <Table.Th key={name} ta="right">
                      {name}
                    </Table.Th>
                  ))}
                  <Table.Th>
                    <span className="visually-hidden">Files and undo</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {history.data.map((push) => (
                  <PushRow key={push.id} push={push} onFiles={setShowing} onUndo={setUndoing} />
                ))}
              </Table.Tbody>
            </Table>
          </Paper>
        )}
        {history.data && history.data.length > 0 && (
          <Text size="sm" c="dimmed">
            Pushing an import again without a change writes nothing and is not listed.
          </Text>
        )}
      </Stack>
      <FilesDialog entry={showing} onClose={() => setShowing(null)} />
      <UndoDialog entry={undoing} profile={info.data?.profile ?? null} onClose={() => setUndoing(null)} />
    </Page>
  );
}
