import { Button, Group, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type BulkPreview, type QueueQuery, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { count, plural } from "../../components/format";
import { useJobMutation } from "../../components/jobs";
import { TARGET_LABELS } from "../../components/labels";
import { ProgressPanel } from "../../components/ProgressPanel";
import { Private } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import { ScrollRegion } from "../../components/ScrollRegion";
import classes from "./Dialogs.module.css";
import { takeCounts } from "./takePeople";
import { likely, namesOf } from "./words";

type Props = {
  importId: number;
  query: QueueQuery;
  opened: boolean;
  onClose: () => void;
  onMerged: (decision: number, words: string) => void;
};

function Samples({ preview }: { preview: BulkPreview }) {
  return (
    <ScrollRegion label="Some of the groups" className={classes.samples}>
      <table className={classes.table} data-testid="bulk-samples">
        <thead>
          <tr>
            <th scope="col">Records</th>
            <th scope="col">Become</th>
            <th scope="col">Change in</th>
            <th scope="col">Sure</th>
          </tr>
        </thead>
        <tbody>
          {preview.samples.map(({ item, name, fields }) => (
            <tr key={item.group}>
              <td>
                <Private value={namesOf(item)} field="full_name" />
                <span className={classes.dim}>
                  {[...new Set(item.records.map(({ club }) => club))].join(" · ")}
                </span>
              </td>
              <td>
                <Private value={name} field="full_name" />
              </td>
              <td>
                {fields.length > 0 ? fields.map((field) => TARGET_LABELS[field]).join(", ") : "nothing"}
              </td>
              <td className="numeric">{item.probability === null ? "one key" : likely(item.probability)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Preview({ preview }: { preview: BulkPreview }) {
  const { groups, records, left, samples, fields } = preview;
  if (groups === 0)
    return <Text>Nothing can be merged at once: every group that was found has something to settle.</Text>;
  return (
    <>
      <Text data-testid="bulk-says">
        <b>
          {plural(groups, "group")} of {plural(records, "record")}
        </b>{" "}
        would be one person each.{" "}
        {left > 0 &&
          `${plural(left, "group")} with a conflict ${left === 1 ? "stays" : "stay"} in the queue. `}
        The merge can be undone as one.
      </Text>
      {fields.length > 0 && (
        <Text size="sm">
          Values would be chosen by the rules in:{" "}
          {fields.map((one) => `${TARGET_LABELS[one.field]} (${count(one.groups)})`).join(", ")}.
        </Text>
      )}
      <Samples preview={preview} />
      {samples.length < groups && (
        <Text size="xs" c="dimmed">
          {count(samples.length)} of {count(groups)} are shown.
        </Text>
      )}
    </>
  );
}

function Question({ importId, query, onClose, onMerged }: Omit<Props, "opened">) {
  const api = useApi();
  const client = useQueryClient();
  const job = `people-bulk-${importId}`;
  const preview = useQuery({
    queryKey: [...keys.people(importId), "bulk", query],
    queryFn: () => api.peopleBulkPreview(importId, query),
    staleTime: 0,
    gcTime: 0,
  });
  const merge = useJobMutation(
    job,
    (_: undefined, id) => api.peopleBulkMerge(importId, query, id),
    ({ decision, groups, records, counts }) => {
      void takeCounts(client, importId, counts);
      if (decision !== null)
        onMerged(
          decision,
          `Merged ${plural(records, "record")} of ${plural(groups, "group")}. U takes all of it back.`,
        );
      onClose();
    },
  );
  const groups = preview.data?.groups ?? 0;
  return (
    <Stack>
      <ErrorNotice error={preview.error} retry={() => preview.refetch()} />
      <ErrorNotice error={merge.failure} />
      {preview.isPending && <Skeleton height={180} aria-hidden="true" />}
      {preview.data && <Preview preview={preview.data} />}
      <ProgressPanel name={job} title="Merging" />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          disabled={groups === 0}
          loading={merge.isPending}
          onClick={() => merge.mutate(undefined)}
          data-autofocus
          data-testid="bulk-go"
        >
          {groups > 0 ? `Merge ${plural(groups, "group")}` : "Merge"}
        </Button>
      </Group>
    </Stack>
  );
}

/** What merging all groups without a conflict would do; then the merge. */
export function BulkDialog({ opened, onClose, ...rest }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Merge the conflict-free" size="xl">
      <Question onClose={onClose} {...rest} />
    </Modal>
  );
}
