import { Alert, Button, Group, Modal, NativeSelect, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  type PushMode,
  type ReplayChoice,
  type ReplayPlan,
  type ReplayReport,
  type ReplayRow,
  useApi,
} from "../../api";
import { Differences } from "../../components/Differences";
import { ErrorNotice } from "../../components/ErrorNotice";
import { FormActions } from "../../components/FormActions";
import { count, plural } from "../../components/format";
import { IconCheck, IconInfo } from "../../components/icons";
import { useJobMutation, useJobQuery } from "../../components/jobs";
import { MODE_LABELS } from "../../components/labels";
import { Pill } from "../../components/Pill";
import { ProgressPanel } from "../../components/ProgressPanel";
import { Private } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import { ScrollRegion } from "../../components/ScrollRegion";
import classes from "./Rejects.module.css";

const OUTCOMES: Record<string, { label: string; tone: "good" | "warning" | "error" }> = {
  insert: { label: "New", tone: "good" },
  update: { label: "Changed", tone: "good" },
  skip_identical: { label: "Already there", tone: "good" },
  skip_different: { label: "Differs there", tone: "warning" },
  conflict: { label: "Contradicts", tone: "warning" },
  suspect: { label: "Suspect", tone: "warning" },
  reject: { label: "Refused", tone: "error" },
};

function Rows({ rows, label }: { rows: ReplayRow[]; label: string }) {
  if (rows.length === 0) return null;
  return (
    <ScrollRegion label={label} className={classes.rows}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            <th>Member</th>
            <th>From</th>
            <th>What</th>
            <th style={{ width: "40%" }}>Why</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const outcome = OUTCOMES[row.outcome];
            return (
              <tr key={row.reject} data-testid={`replay-row-${row.reject}`}>
                <td>
                  <Private value={row.name || "(no name)"} field="full_name" />
                </td>
                <td>
                  {row.file}, line {count(row.line)}
                </td>
                <td>
                  <Pill tone={outcome?.tone ?? "warning"}>{outcome?.label ?? row.outcome}</Pill>
                </td>
                <td>
                  <Differences row={row} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

const stays = (rows: number) => `${plural(rows, "row")} ${rows === 1 ? "stays" : "stay"} in the inbox`;

/** "Adds 3 members. 1 row stays in the inbox." */
function planned({ sentence, taken, stay }: ReplayPlan): string {
  if (taken === 0) return "None of these rows can be taken in as they stand.";
  return stay === 0 ? `${sentence}.` : `${sentence}. ${stays(stay)}.`;
}

/** "3 rows taken in; 1 row stays in the inbox." */
function said(taken: number, stay: number): string {
  const rest = stay === 0 ? "" : `; ${stays(stay)}`;
  return `${plural(taken, "row")} taken in${rest}.`;
}

function Report({ report, onClose }: { report: ReplayReport; onClose: () => void }) {
  const taken = report.inserted + report.updated + report.already_there;
  return (
    <Stack>
      <Alert
        color={report.stay > 0 ? "yellow" : "green"}
        variant="light"
        icon={report.stay > 0 ? <IconInfo /> : <IconCheck />}
        role="status"
      >
        <div data-testid="replay-report">
          <Text fw={600}>
            {report.repeat_of === null
              ? said(taken, report.stay)
              : `Replayed before, as push #${report.repeat_of}.`}
          </Text>
          <Text size="sm">
            {plural(report.inserted, "member")} added, {count(report.updated)} changed,{" "}
            {count(report.already_there)} there already. It is push #{report.push} in the{" "}
            <a href="#/history">History</a>, where it can be undone.
          </Text>
        </div>
      </Alert>
      <Rows rows={report.rows.filter((row) => !row.taken)} label="Rows that stay in the inbox" />
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus data-testid="replay-close">
          Close
        </Button>
      </Group>
    </Stack>
  );
}

type PreviewProps = {
  plan: ReplayPlan;
  busy: boolean;
  onMode: (mode: PushMode) => void;
  onClose: () => void;
  onReplay: (confirmed: string | null) => void;
};

/** What the replay would do, row by row; prod is confirmed by its name. */
function Preview({ plan, busy, onMode, onClose, onReplay }: PreviewProps) {
  const [typed, setTyped] = useState("");
  const isProd = plan.profile.environment === "prod";
  const ready = plan.taken > 0 && (!isProd || typed.trim() === plan.profile.name);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onReplay(isProd ? typed.trim() : null);
      }}
    >
      <Stack>
        <Text data-testid="replay-says">{planned(plan)}</Text>
        <NativeSelect
          label="Members who are there already"
          description={MODE_LABELS[plan.mode].meaning}
          value={plan.mode}
          onChange={(event) => onMode(event.currentTarget.value as PushMode)}
          data={Object.entries(MODE_LABELS).map(([value, { label }]) => ({ value, label }))}
          data-testid="replay-mode"
        />
        <Rows rows={plan.rows} label="What becomes of the rows" />
        {isProd && (
          <TextInput
            label="Name of the profile"
            description={`This writes to the production database. Type “${plan.profile.name}” to go on`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-testid="confirm-name"
          />
        )}
        <FormActions
          onClose={onClose}
          color={isProd ? "red.9" : undefined}
          disabled={!ready}
          loading={busy}
          data-testid="replay-go"
        >
          {plan.taken === 0 ? "Replay" : `Replay ${plural(plan.taken, "row")}`}
        </FormActions>
      </Stack>
    </form>
  );
}

function Replay({ choice, onClose }: Props) {
  const api = useApi();
  const client = useQueryClient();
  const [mode, setMode] = useState<PushMode | null>(null);
  const [report, setReport] = useState<ReplayReport | null>(null);
  const wanted: ReplayChoice = { ...choice, mode };
  const plan = useJobQuery("replay-plan", ["replay-plan", wanted], (job) => api.replayPlan(wanted, job));
  const replay = useJobMutation(
    "replay",
    ({ seen, confirmed }: { seen: string; confirmed: string | null }, job) =>
      api.replay(wanted, seen, confirmed, job),
    (done) => {
      setReport(done);
      client.removeQueries({ queryKey: ["replay-plan"] });
      for (const key of [keys.rejects, keys.members, keys.history, keys.imports]) {
        client.invalidateQueries({ queryKey: key });
      }
      client.removeQueries({ queryKey: ["import"], predicate: (query) => query.queryKey.includes("plan") });
    },
  );
  if (report) return <Report report={report} onClose={onClose} />;
  return (
    <Stack>
      <ErrorNotice error={plan.error} retry={() => plan.refetch()} />
      <ErrorNotice
        error={replay.failure}
        retry={() => {
          replay.reset();
          plan.refetch();
        }}
      />
      <ProgressPanel name="replay-plan" title="Comparing with the database" />
      <ProgressPanel name="replay" title="Writing to the database" />
      {plan.isPending && <Skeleton height={180} aria-hidden="true" />}
      {plan.data && (
        <Preview
          plan={plan.data}
          busy={replay.isPending}
          onMode={setMode}
          onClose={onClose}
          onReplay={(confirmed) => replay.mutate({ seen: plan.data.plan, confirmed })}
        />
      )}
    </Stack>
  );
}

type Props = { choice: ReplayChoice; onClose: () => void };

/** What a replay would do, the replay, and its report. */
export function ReplayDialog({ choice, onClose }: Props) {
  return (
    <Modal opened onClose={onClose} title="Replay refused rows" size={860} data-testid="replay-dialog">
      <Replay choice={choice} onClose={onClose} />
    </Modal>
  );
}
