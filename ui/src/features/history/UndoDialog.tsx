import { Alert, Modal, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type ProfileInfo, type PushEntry, type UndoReport, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { FormActions } from "../../components/FormActions";
import { plural } from "../../components/format";
import { IconInfo } from "../../components/icons";
import { useJobMutation } from "../../components/jobs";
import { ProgressPanel } from "../../components/ProgressPanel";
import { Private } from "../../components/privacy";
import { keys } from "../../components/queryKeys";

/** How many of the kept members are listed at once. */
const LISTED = 8;

/** "3 members removed, 2 restored" */
function said(report: UndoReport, done: boolean): string {
  const parts: string[] = [];
  if (report.removed > 0) parts.push(`${plural(report.removed, "member")} removed`);
  if (report.restored > 0) parts.push(`${plural(report.restored, "member")} restored`);
  if (report.brought_back > 0) parts.push(`${plural(report.brought_back, "member")} brought back`);
  if (report.scores_restored > 0)
    parts.push(`scores of ${plural(report.scores_restored, "other member")} as before`);
  if (parts.length === 0) return done ? "Nothing had to be taken back." : "Nothing is left to take back.";
  return done ? `${parts.join(", ")}.` : `${parts.join(", ")}: that is what the undo does.`;
}

function Kept({ report }: { report: UndoReport }) {
  if (report.kept === 0) return null;
  const more = report.kept - Math.min(LISTED, report.kept_members.length);
  return (
    <Alert color="orange" variant="light" icon={<IconInfo />} title={`${plural(report.kept, "member")} kept`}>
      They were changed after this, so they stay as they are:
      <ul aria-label="Members who are kept">
        {report.kept_members.slice(0, LISTED).map((kept) => (
          <li key={kept.member}>
            {kept.name ? (
              <Private value={kept.name} field="full_name" />
            ) : (
              `number ${kept.member}, not there any more`
            )}
            {kept.changed_by !== null && `, changed by #${kept.changed_by}`}
          </li>
        ))}
      </ul>
      {more > 0 && `and ${plural(more, "other")}.`}
    </Alert>
  );
}

type Props = { entry: PushEntry; profile: ProfileInfo | null; onClose: () => void };

function Question({ entry, profile, onClose }: Props) {
  const api = useApi();
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const job = `undo-${entry.id}`;
  const dry = useQuery({
    queryKey: [...keys.history, "undo", entry.id],
    queryFn: () => api.undo(entry.id, true, null, crypto.randomUUID()),
    staleTime: 0,
    gcTime: 0,
  });
  const undo = useJobMutation(
    job,
    (confirmed: string | null, id) => api.undo(entry.id, false, confirmed, id),
    (report) => {
      notifications.show({ message: `Undone. ${said(report, true)}`, color: "green" });
      client.invalidateQueries({ queryKey: keys.history });
      client.invalidateQueries({ queryKey: keys.imports });
      client.invalidateQueries({ queryKey: keys.rejects });
      client.invalidateQueries({ queryKey: keys.members });
      client.removeQueries({ queryKey: ["import"], predicate: (query) => query.queryKey.includes("plan") });
      onClose();
    },
  );
  const isProd = profile?.environment === "prod";
  const ready = dry.data !== undefined && (!isProd || typed.trim() === profile?.name);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) undo.mutate(isProd ? typed.trim() : null);
      }}
    >
      <Stack>
        <ErrorNotice error={dry.error ?? undo.failure} />
        {dry.isPending && <Skeleton height={60} aria-hidden="true" />}
        {dry.data && (
          <>
            <Text data-testid="undo-says">{said(dry.data, false)}</Text>
            <Kept report={dry.data} />
            <Text size="sm" c="dimmed">
              The undo is listed here too, and can be undone in its turn.
            </Text>
          </>
        )}
        {isProd && (
          <TextInput
            label="Name of the profile"
            description={`This changes the production database. Type “${profile?.name}” to go on`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-testid="confirm-name"
          />
        )}
        <ProgressPanel name={job} title="Taking it back" />
        <FormActions
          onClose={onClose}
          color="red.9"
          disabled={!ready}
          loading={undo.isPending}
          data-testid="undo-go"
        >
          Undo
        </FormActions>
      </Stack>
    </form>
  );
}

/** What an undo would do and whom it would keep; then the undo. */
export function UndoDialog({ entry, ...rest }: Omit<Props, "entry"> & { entry: PushEntry | null }) {
  return (
    <Modal opened={entry !== null} onClose={rest.onClose} title={entry ? `Undo #${entry.id}?` : ""}>
      {entry && <Question entry={entry} {...rest} />}
    </Modal>
  );
}
