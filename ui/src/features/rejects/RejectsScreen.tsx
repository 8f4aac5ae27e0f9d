import { Button, Group, Pagination, SegmentedControl, Skeleton, Stack, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type RejectFilter, type RejectPage, type ReplayChoice, useApi } from "../../api";
import { useActions } from "../../components/actions";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNotice } from "../../components/ErrorNotice";
import { plural } from "../../components/format";
import { IconInbox, IconRefresh } from "../../components/icons";
import { Page } from "../../components/Page";
import { ProgressPanel } from "../../components/ProgressPanel";
import { keys } from "../../components/queryKeys";
import { RejectDrawer } from "./RejectDrawer";
import classes from "./Rejects.module.css";
import { RejectTable } from "./RejectTable";
import { ReplayDialog } from "./ReplayDialog";

const PAGE = 100;

const FILTERS: { value: RejectFilter; label: string }[] = [
  { value: "open", label: "Open" },
  { value: "replayed", label: "Replayed" },
  { value: "dismissed", label: "Dismissed" },
];

const EMPTY: Record<RejectFilter, { title: string; text: string }> = {
  open: {
    title: "No row waits for you",
    text: "Rows that a push refuses come here, with the line as it stood in the file: to be fixed and pushed again.",
  },
  replayed: { title: "No row was replayed yet", text: "Rows that you fixed and pushed again are kept here." },
  dismissed: { title: "No row was dismissed", text: "Rows that you put away are kept here." },
  all: { title: "There are no rows", text: "" },
};

function Pages({ page, at, onPage }: { page: RejectPage; at: number; onPage: (at: number) => void }) {
  const pages = Math.ceil(page.total / PAGE);
  if (pages <= 1) return null;
  return (
    <Pagination
      size="sm"
      total={pages}
      value={at}
      onChange={onPage}
      getControlProps={(control) => ({ "aria-label": `${control} page` })}
      getItemProps={(number) => ({ "aria-label": `Page ${number}` })}
    />
  );
}

type ButtonsProps = { chosen: number[]; fixed: number; onReplay: (choice: ReplayChoice) => void };

function ReplayButtons({ chosen, fixed, onReplay }: ButtonsProps) {
  return (
    <Group gap="sm">
      <Button
        variant="default"
        disabled={chosen.length === 0}
        onClick={() => onReplay({ ids: chosen, all_fixed: false, mode: null })}
        data-testid="replay-selected"
      >
        Replay selected{chosen.length > 0 ? ` (${chosen.length})` : ""}…
      </Button>
      <Button
        leftSection={<IconRefresh size={16} />}
        disabled={fixed === 0}
        onClick={() => onReplay({ ids: [], all_fixed: true, mode: null })}
        data-testid="replay-fixed"
      >
        Replay all fixed{fixed > 0 ? ` (${fixed})` : ""}…
      </Button>
    </Group>
  );
}

function useInbox(filter: RejectFilter, at: number) {
  const api = useApi();
  return useQuery({
    queryKey: [...keys.rejects, "list", filter, at],
    queryFn: () => api.rejectsList(filter, (at - 1) * PAGE, PAGE),
    placeholderData: keepPreviousData,
    // Others push and fix, too.
    staleTime: 0,
  });
}

type Props = { openId: number | null; onOpen: (id: number | null) => void };

/** The reject inbox of the active profile: rows that pushes refused. */
export function RejectsScreen({ openId, onOpen }: Props) {
  const [filter, setFilter] = useState<RejectFilter>("open");
  const [at, setAt] = useState(1);
  const [chosen, setChosen] = useState<number[]>([]);
  const [replaying, setReplaying] = useState<ReplayChoice | null>(null);
  const inbox = useInbox(filter, at);
  const page = inbox.data;
  const show = (next: RejectFilter) => {
    setFilter(next);
    setAt(1);
    setChosen([]);
  };
  const replay = (choice: ReplayChoice) => {
    onOpen(null);
    setReplaying(choice);
  };
  useActions(
    page && page.fixed > 0
      ? [
          {
            id: "replay-fixed",
            label: "Replay all fixed rows",
            group: "Rejects",
            run: () => replay({ ids: [], all_fixed: true, mode: null }),
          },
        ]
      : [],
  );
  return (
    <Page wide title="Rejects" lead="Rows that pushes refused: fix them here, and push them again.">
      <Stack>
        <div className={classes.bar}>
          <SegmentedControl
            aria-label="Which rows"
            value={filter}
            onChange={(next) => show(next as RejectFilter)}
            data={FILTERS}
            data-testid="rejects-filter"
          />
          {filter === "open" && <ReplayButtons chosen={chosen} fixed={page?.fixed ?? 0} onReplay={replay} />}
        </div>
        <ErrorNotice error={inbox.error} retry={() => inbox.refetch()} />
        {inbox.isPending && <Skeleton height={260} aria-hidden="true" />}
        {page && !inbox.error && page.total === 0 && (
          <EmptyState icon={<IconInbox size={28} />} title={EMPTY[filter].title}>
            {EMPTY[filter].text}
          </EmptyState>
        )}
        {page && !inbox.error && page.total > 0 && (
          <>
            <div className={classes.bar}>
              <Text size="sm" c="dimmed" aria-live="polite" data-testid="rejects-found">
                {plural(page.total, "row")}
                {filter === "open" && page.fixed > 0 ? `, ${page.fixed} fixed and ready to be replayed` : ""}
              </Text>
              <Pages page={page} at={at} onPage={setAt} />
            </div>
            <RejectTable
              rows={page.rows}
              openId={openId}
              onOpen={onOpen}
              chosen={filter === "open" ? chosen : null}
              onChoose={setChosen}
            />
          </>
        )}
      </Stack>
      {openId !== null && (
        <RejectDrawer key={openId} id={openId} onClose={() => onOpen(null)} onReplay={replay} />
      )}
      {replaying && (
        <ReplayDialog
          choice={replaying}
          onClose={() => {
            setReplaying(null);
            setChosen([]);
          }}
        />
      )}
      {["fix", "dismiss"].map((work) => (
        <ProgressPanel key={work} name={`reject-${work}`} title="Waiting for the database" floating />
      ))}
    </Page>
  );
}
