import { Button, Group, Pagination, Skeleton, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type MemberPage, useApi } from "../../api";
import { useActions } from "../../components/actions";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNotice } from "../../components/ErrorNotice";
import { count, plural } from "../../components/format";
import { IconMembers, IconMerge, IconPlus, IconSearch } from "../../components/icons";
import { Page } from "../../components/Page";
import { ProgressPanel } from "../../components/ProgressPanel";
import { keys } from "../../components/queryKeys";
import { Filters, isSearching, NO_SEARCH, queryOf, type Search } from "./Filters";
import { MemberDrawer } from "./MemberDrawer";
import classes from "./Members.module.css";
import { MemberTable } from "./MemberTable";
import { MergeMembers } from "./MergeMembers";
import { NewMember } from "./NewMember";

const PAGE = 100;
/** Members that the backend lists at most. */
const LISTED = 2000;

function Found({ page, at, onPage }: { page: MemberPage; at: number; onPage: (at: number) => void }) {
  const pages = Math.ceil(Math.min(page.count, LISTED) / PAGE);
  return (
    <div className={classes.found}>
      <Text size="sm" c="dimmed" aria-live="polite" data-testid="members-found">
        {page.more ? `More than ${count(page.count)} members` : plural(page.count, "member")}
        {page.count > LISTED && pages === at ? ". Narrow the search to see those further on." : ""}
      </Text>
      {pages > 1 && (
        <Pagination
          size="sm"
          total={pages}
          value={at}
          onChange={onPage}
          getControlProps={(control) => ({ "aria-label": `${control} page` })}
          getItemProps={(number) => ({ "aria-label": `Page ${number}` })}
        />
      )}
    </div>
  );
}

function useSearch(search: Search, at: number) {
  const api = useApi();
  const [settled] = useDebouncedValue(search, 250);
  const query = queryOf(settled);
  return useQuery({
    queryKey: [...keys.members, "search", query, at],
    queryFn: () => api.membersSearch(query, (at - 1) * PAGE, PAGE),
    placeholderData: keepPreviousData,
    // Others write to the database, too.
    staleTime: 0,
  });
}

function Nobody({
  searching,
  onClear,
  onNew,
}: {
  searching: boolean;
  onClear: () => void;
  onNew: () => void;
}) {
  if (searching) {
    return (
      <EmptyState
        icon={<IconSearch size={28} />}
        title="No member is found"
        actions={
          <Button variant="default" onClick={onClear}>
            Clear the search
          </Button>
        }
      >
        Names are found by their beginnings, in any order: “lee an” finds Ann Lee.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<IconMembers size={28} />}
      title="There are no members yet"
      actions={
        <Button leftSection={<IconPlus />} onClick={onNew}>
          Add a member
        </Button>
      }
    >
      When an import is pushed to this profile, its members are here: to search, look at, edit and delete.
    </EmptyState>
  );
}

type ChosenProps = { chosen: readonly number[]; onMerge: () => void; onClear: () => void };

/** What can be done with the members that were chosen. */
function ChosenBar({ chosen, onMerge, onClear }: ChosenProps) {
  if (chosen.length === 0) return null;
  return (
    <Group gap="sm" data-testid="members-chosen">
      <Text size="sm" aria-live="polite">
        {plural(chosen.length, "member")} chosen{chosen.length === 2 ? "" : ": choose two to merge them"}
      </Text>
      <Button
        size="compact-sm"
        leftSection={<IconMerge size={14} />}
        disabled={chosen.length !== 2}
        onClick={onMerge}
        data-testid="members-merge"
      >
        Compare and merge…
      </Button>
      <Button size="compact-sm" variant="default" onClick={onClear}>
        Clear the choice
      </Button>
    </Group>
  );
}

/** The choice of two members, who are compared and merged. */
function useMerge(onOpen: (id: number) => void) {
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const [merging, setMerging] = useState(false);
  const [first, second] = [...chosen].sort((a, b) => a - b);
  const choose = (id: number, on: boolean) =>
    setChosen((before) => (on ? [...before, id] : before.filter((other) => other !== id)));
  const bar = <ChosenBar chosen={chosen} onMerge={() => setMerging(true)} onClear={() => setChosen([])} />;
  const dialog = merging && first !== undefined && second !== undefined && (
    <MergeMembers
      ids={[first, second]}
      onClose={() => setMerging(false)}
      onMerged={(id) => {
        setMerging(false);
        setChosen([]);
        onOpen(id);
      }}
    />
  );
  return { chosen, choose, bar, dialog };
}

type Props = { openId: number | null; onOpen: (id: number | null) => void };

/** The members of the active profile. */
export function MembersScreen({ openId, onOpen }: Props) {
  const [search, setSearch] = useState(NO_SEARCH);
  const [at, setAt] = useState(1);
  const [adding, setAdding] = useState(false);
  const found = useSearch(search, at);
  const merge = useMerge(onOpen);
  const change = (next: Search) => {
    setSearch(next);
    setAt(1);
  };
  useActions([{ id: "new-member", label: "New member", group: "Members", run: () => setAdding(true) }]);
  const page = found.data;
  const nobody = page?.count === 0;
  return (
    <Page
      wide
      title="Members"
      lead="Everybody in the database of the active profile."
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)} data-testid="new-member">
          New member
        </Button>
      }
    >
      <Stack>
        <Filters search={search} onChange={change} />
        <ErrorNotice error={found.error} retry={() => found.refetch()} />
        {found.isPending && <Skeleton height={320} aria-hidden="true" />}
        {page && nobody && (
          <Nobody
            searching={isSearching(search)}
            onClear={() => change(NO_SEARCH)}
            onNew={() => setAdding(true)}
          />
        )}
        {page && !nobody && !found.error && (
          <>
            <Found page={page} at={at} onPage={setAt} />
            {merge.bar}
            <MemberTable
              rows={page.rows}
              openId={openId}
              onOpen={onOpen}
              chosen={merge.chosen}
              onChoose={merge.choose}
            />
          </>
        )}
      </Stack>
      {openId !== null && (
        <MemberDrawer key={openId} id={openId} onClose={() => onOpen(null)} onOpen={onOpen} />
      )}
      {merge.dialog}
      {adding && (
        <NewMember
          onClose={() => setAdding(false)}
          onCreated={(id) => {
            setAdding(false);
            onOpen(id);
          }}
          onUndone={() => onOpen(null)}
        />
      )}
      {["edit", "remove", "create", "undo", "merge"].map((work) => (
        <ProgressPanel key={work} name={`member-${work}`} title="Waiting for the database" floating />
      ))}
    </Page>
  );
}
