import { Button, Group, List, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { keepPreviousData, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Field, type MemberView, type MergeReport, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { plural } from "../../components/format";
import { IconMerge } from "../../components/icons";
import { useJobMutation } from "../../components/jobs";
import { keys } from "../../components/queryKeys";
import { useConfirmProfile } from "./ConfirmProfile";
import { sayDone, useUndo } from "./DeleteMember";
import { MergeTable } from "./MergeTable";
import { mergeOf, rowsOf } from "./mergeRows";

/** What the merge would do, as the backend tells it. */
function Effect({ report }: { report: MergeReport }) {
  return (
    <Stack gap={4} data-testid="merge-effect">
      <Text size="sm">
        Member {report.merged} goes into member {report.member}, of whom{" "}
        {report.changes.length === 0 ? "nothing changes" : `${plural(report.changes.length, "field")} change`}
        . These go over, with the rows that they come from:
      </Text>
      <List size="sm">
        {report.memberships.map(({ id, club, twice }) => (
          <List.Item key={id}>
            the membership of {club}
            {twice && ": the member then has two of it, each with its own number and score"}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}

type FormProps = { members: readonly [MemberView, MemberView] } & Omit<Props, "ids">;

function MergeForm({ members, onClose, onMerged }: FormProps) {
  const api = useApi();
  const client = useQueryClient();
  const confirm = useConfirmProfile();
  const undo = useUndo();
  const [keep, setKeep] = useState<0 | 1>(0);
  const [chosen, setChosen] = useState<ReadonlyMap<Field, string | null>>(new Map());
  const rows = rowsOf(members, keep, chosen);
  const merge = mergeOf(members, keep, rows);
  const look = useQuery({
    queryKey: [...keys.members, "merge", merge],
    queryFn: () => api.memberMerge(merge, true, null, "look"),
    placeholderData: keepPreviousData,
    staleTime: 0,
    retry: false,
  });
  const work = useJobMutation(
    "member-merge",
    (_: undefined, job) => api.memberMerge(merge, false, confirm.confirmed, job),
    (report) => {
      client.invalidateQueries({ queryKey: keys.members });
      client.invalidateQueries({ queryKey: keys.history });
      onMerged(report.member);
      const { entry } = report;
      if (entry !== null) {
        sayDone("member-merged", "The two are one member now.", () =>
          undo({ entry, confirmed: confirm.confirmed }),
        );
      }
    },
  );
  return (
    <Stack>
      <MergeTable
        members={members}
        rows={rows}
        keep={keep}
        onKeep={setKeep}
        onPick={(field, value) => setChosen(new Map(chosen).set(field, value))}
      />
      <ErrorNotice error={look.error} retry={() => client.invalidateQueries({ queryKey: keys.members })} />
      {look.data && !look.error && <Effect report={look.data} />}
      {confirm.input}
      <ErrorNotice error={work.failure} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          leftSection={<IconMerge size={16} />}
          disabled={!confirm.ready || !look.data || look.isError}
          loading={work.isPending}
          onClick={() => work.mutate(undefined)}
          data-testid="merge-go"
        >
          Make one member of them
        </Button>
      </Group>
    </Stack>
  );
}

type Props = { ids: readonly [number, number]; onClose: () => void; onMerged: (id: number) => void };

/** Two members who are one person: side by side, with the value of each field to choose. */
export function MergeMembers({ ids, onClose, onMerged }: Props) {
  const api = useApi();
  const views = useQueries({
    queries: ids.map((id) => ({
      queryKey: keys.member(id),
      queryFn: () => api.memberView(id),
      staleTime: 0,
    })),
  });
  const [first, second] = views;
  const failed = views.find((view) => view.error);
  return (
    <Modal opened onClose={onClose} size={980} title="Are these one person?">
      <ErrorNotice error={failed?.error} retry={() => failed?.refetch()} />
      {!failed && !(first?.data && second?.data) && <Skeleton height={320} aria-hidden="true" />}
      {first?.data && second?.data && (
        <MergeForm members={[first.data, second.data]} onClose={onClose} onMerged={onMerged} />
      )}
    </Modal>
  );
}
