import { Button, Group, List, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type MemberView, type MergedFrom, type UnmergeReport, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { IconSplit } from "../../components/icons";
import { useJobMutation } from "../../components/jobs";
import { TARGET_LABELS } from "../../components/labels";
import { Private } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import { useConfirmProfile } from "./ConfirmProfile";
import { sayDone, useUndo } from "./DeleteMember";
import { Change } from "./MemberHistory";

/** What the un-merge would do, as the backend tells it. */
function Effect({ report }: { report: UnmergeReport }) {
  return (
    <Stack gap="xs" data-testid="unmerge-effect">
      <Text size="sm">
        <b>
          <Private value={report.name} field="full_name" />
        </b>{" "}
        is member {report.merged} again, as they were. What goes back to them:
      </Text>
      <List size="sm">
        {report.memberships.map(({ id, club, edited }) => (
          <List.Item key={id}>
            the membership of {club}
            {edited && ", with what was edited since"}
          </List.Item>
        ))}
        {report.missing > 0 && (
          <List.Item>memberships that are not there any more do not come back: {report.missing}</List.Item>
        )}
      </List>
      {report.changes.length > 0 && (
        <div>
          <Text size="sm">Member {report.member} gets back what the merge had changed:</Text>
          {report.changes.map((change) => (
            <Change key={change.field} change={change} />
          ))}
        </div>
      )}
      {report.kept_fields.length > 0 && (
        <Text size="sm">
          Stays as it was edited since: {report.kept_fields.map((field) => TARGET_LABELS[field]).join(", ")}.
        </Text>
      )}
      <Text size="sm" c="dimmed">
        The next import does not make one person of the two again.
      </Text>
    </Stack>
  );
}

type Props = {
  view: MemberView;
  from: MergedFrom;
  onClose: () => void;
  onDone: (id: number) => void;
};

/** Tells what an un-merge does, and does it when asked to. */
export function UnmergeMember({ view, from, onClose, onDone }: Props) {
  const api = useApi();
  const client = useQueryClient();
  const confirm = useConfirmProfile();
  const undo = useUndo();
  const look = useQuery({
    queryKey: [...keys.members, "unmerge", from.member, view.version],
    queryFn: () => api.memberUnmerge(from.member, view.version, true, null, "look"),
    staleTime: 0,
    retry: false,
  });
  const work = useJobMutation(
    "member-merge",
    (_: undefined, job) => api.memberUnmerge(from.member, view.version, false, confirm.confirmed, job),
    (report) => {
      client.invalidateQueries({ queryKey: keys.members });
      client.invalidateQueries({ queryKey: keys.history });
      onDone(report.member);
      const { entry } = report;
      if (entry !== null) {
        sayDone("member-merged", "They are two members again.", () =>
          undo({ entry, confirmed: confirm.confirmed }),
        );
      }
    },
  );
  return (
    <Modal opened onClose={onClose} size={560} title="Tell these members apart again?">
      <Stack>
        <ErrorNotice error={look.error} retry={() => look.refetch()} />
        {look.isPending && <Skeleton height={120} aria-hidden="true" />}
        {look.data && <Effect report={look.data} />}
        {confirm.input}
        <ErrorNotice error={work.failure} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button
            leftSection={<IconSplit size={16} />}
            disabled={!confirm.ready || !look.data}
            loading={work.isPending}
            onClick={() => work.mutate(undefined)}
            data-testid="unmerge-go"
          >
            Un-merge
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
