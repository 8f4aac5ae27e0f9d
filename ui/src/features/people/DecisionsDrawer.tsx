import { Badge, Button, Drawer, Group, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type DecisionKind, type DecisionView, useApi } from "../../api";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNotice } from "../../components/ErrorNotice";
import { count, moment, plural } from "../../components/format";
import { IconHistory, IconMembers, IconMerge, IconSearch, IconSplit } from "../../components/icons";
import { TARGET_LABELS } from "../../components/labels";
import { Private, usePrivacy } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import classes from "./Dialogs.module.css";
import { takePeople } from "./takePeople";

const PAGE = 50;
const ICONS: Record<DecisionKind, typeof IconMerge> = {
  same: IconMembers,
  different: IconSplit,
  bulk: IconMerge,
};
const LABELS: Record<DecisionKind, string> = {
  same: "Same person",
  different: "Different people",
  bulk: "Merged at once",
};

/** What happens to the records when a decision is taken back. */
function consequence({ kind, groups, values }: DecisionView): string {
  if (kind === "bulk")
    return `All ${plural(groups, "group")} of this merge go back to what they were: those that are doubtful are asked about again.`;
  const chosen = values.length > 0 ? " The values that were chosen are forgotten." : "";
  const were =
    kind === "same"
      ? "The records are no longer one person by your word"
      : "The records may be one person again";
  return `${were}: if matching doubts it, they are asked about again.${chosen}`;
}

type EntryProps = {
  decision: DecisionView;
  asked: boolean;
  onAsk: (ask: boolean) => void;
  onRevert: () => void;
  busy: boolean;
};

function Entry({ decision, asked, onAsk, onRevert, busy }: EntryProps) {
  const { hidden } = usePrivacy();
  const Icon = ICONS[decision.kind];
  return (
    <li className={classes.decision} data-testid={`decision-${decision.id}`}>
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <Icon size={17} style={{ flexShrink: 0, marginTop: 2 }} />
        <div className={classes.grow}>
          <Text size="sm" fw={500}>
            {/* A label quotes names. */}
            {hidden ? LABELS[decision.kind] : decision.label}
          </Text>
          {/* A label names the values that were chosen. */}
          {hidden &&
            decision.values.map(({ field, value }) => (
              <Text key={field} size="xs">
                {TARGET_LABELS[field]}: {value === null ? "blank" : <Private value={value} field={field} />}
              </Text>
            ))}
          <Text size="xs" c="dimmed">
            {decision.person}, {moment(decision.decided)}
          </Text>
        </div>
        {decision.reverted !== null ? (
          <Badge color="gray" variant="light" tt="none" style={{ flexShrink: 0 }}>
            Taken back {moment(decision.reverted)}
          </Badge>
        ) : decision.id === 0 ? (
          <Badge color="gray" variant="light" tt="none" style={{ flexShrink: 0 }}>
            From elsewhere
          </Badge>
        ) : (
          !asked && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => onAsk(true)}
              aria-label={`Take back decision ${decision.id}`}
              data-testid={`decision-revert-${decision.id}`}
            >
              Take back…
            </Button>
          )
        )}
      </Group>
      {asked && (
        <div className={classes.ask}>
          <Text size="sm" data-testid="revert-says">
            {consequence(decision)}
          </Text>
          <Group gap="xs" mt={6}>
            <Button
              size="compact-sm"
              color="red.9"
              loading={busy}
              onClick={onRevert}
              autoFocus
              data-testid="revert-go"
            >
              Take it back
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => onAsk(false)}>
              Leave it
            </Button>
          </Group>
        </div>
      )}
    </li>
  );
}

type Props = { importId: number; onClose: () => void; onReverted: (decision: number) => void };

function Decisions({ importId, onReverted }: Props) {
  const api = useApi();
  const client = useQueryClient();
  const [search, setSearch] = useState("");
  const [settled] = useDebouncedValue(search.trim(), 200);
  const [asked, setAsked] = useState<number | null>(null);
  const list = useInfiniteQuery({
    queryKey: [...keys.decisions, settled],
    queryFn: ({ pageParam }) => api.peopleDecisions(settled || null, pageParam, PAGE),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const got = pages.reduce((sum, page) => sum + page.items.length, 0);
      return got < last.total && last.items.length > 0 ? got : undefined;
    },
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const revert = useMutation({
    scope: { id: `people-${importId}` },
    mutationFn: (decision: number) => api.peopleRevert(importId, decision),
    onSuccess: (view, decision) => {
      void takePeople(client, importId, view);
      setAsked(null);
      onReverted(decision);
    },
  });
  const decisions = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const total = list.data?.pages[0]?.total ?? 0;
  return (
    <Stack>
      <TextInput
        aria-label="Search decisions"
        placeholder="Name, club or person who decided"
        leftSection={<IconSearch size={15} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        data-testid="decision-search"
        data-autofocus
      />
      <ErrorNotice error={list.error} retry={() => list.refetch()} />
      <ErrorNotice error={revert.error} />
      {list.isPending && <Skeleton height={120} aria-hidden="true" />}
      {list.data && total === 0 && (
        <EmptyState
          icon={<IconHistory size={26} />}
          title={settled ? "No decision found" : "No decisions yet"}
        >
          {settled
            ? "Try another name."
            : "What you decide is kept here, and the next import does not ask again."}
        </EmptyState>
      )}
      <ul className={classes.list} aria-label="Decisions">
        {decisions.map((decision) => (
          <Entry
            key={`${decision.id} ${decision.decided} ${decision.label}`}
            decision={decision}
            asked={asked === decision.id && decision.reverted === null}
            onAsk={(ask) => setAsked(ask ? decision.id : null)}
            onRevert={() => revert.mutate(decision.id)}
            busy={revert.isPending}
          />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button variant="default" onClick={() => list.fetchNextPage()} loading={list.isFetchingNextPage}>
          Show more of {count(total)}
        </Button>
      )}
    </Stack>
  );
}

/** All that was decided, in this import and in others: searched, and taken back one by one. */
export function DecisionsDrawer({ opened, ...rest }: Props & { opened: boolean }) {
  return (
    <Drawer opened={opened} onClose={rest.onClose} position="right" size={560} title="Decisions">
      <Decisions {...rest} />
    </Drawer>
  );
}
