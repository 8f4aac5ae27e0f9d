import { Alert, Anchor, Button, Paper, Skeleton, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  type ImportView,
  type PlanView,
  type PushChoice,
  type PushReport,
  type RowQuery,
  useApi,
} from "../../api";
import { useActions } from "../../components/actions";
import { ConfirmByName } from "../../components/ConfirmByName";
import { ErrorNotice } from "../../components/ErrorNotice";
import { asUserError } from "../../components/errors";
import { plural } from "../../components/format";
import { IconDatabase, IconInfo } from "../../components/icons";
import { useJobMutation, useJobQuery } from "../../components/jobs";
import { ENVIRONMENT_LABELS } from "../../components/labels";
import { Page } from "../../components/Page";
import { ProgressPanel } from "../../components/ProgressPanel";
import { keepImport, keys } from "../../components/queryKeys";
import { ExportCard } from "./ExportCard";
import { LeftOut } from "./LeftOut";
import { ModeChoice } from "./ModeChoice";
import { Overwrites } from "./Overwrites";
import { PlanCards } from "./PlanCards";
import { PlanDetails } from "./PlanDetails";
import classes from "./Push.module.css";
import { ReportCard } from "./ReportCard";
import { ScoresCard } from "./ScoresCard";
import { SqlDrawer } from "./SqlDrawer";

type Props = {
  view: ImportView;
  onFix: (filter: Partial<RowQuery>) => void;
  onColumns: () => void;
  onScores: () => void;
};

/** "local (dev)", or only "prod" where the name says it all */
export function profileName({ profile }: Pick<PlanView, "profile">): string {
  const environment = ENVIRONMENT_LABELS[profile.environment];
  return profile.name === environment ? environment : `${profile.name} (${environment})`;
}

function usePush(view: ImportView, plan: PlanView | undefined, how: PushChoice) {
  const api = useApi();
  const client = useQueryClient();
  const job = `push-${view.id}`;
  const [report, setReport] = useState<PushReport | null>(null);
  const push = useJobMutation(
    job,
    ({ packageId, confirmed }: { packageId: string; confirmed: string | null }, jobId) =>
      api.push(view.id, packageId, how, confirmed, jobId),
    (done) => {
      setReport(done);
      client.invalidateQueries({ queryKey: keys.imports });
      client.invalidateQueries({ queryKey: keys.history });
      client.invalidateQueries({ queryKey: keys.rejects });
      client.invalidateQueries({ queryKey: keys.plan(view.id) });
    },
  );
  const start = (confirmed: string | null) => plan && push.mutate({ packageId: plan.package, confirmed });
  return { job, push, report, start };
}

function Loading({ name }: { name: string }) {
  return (
    <>
      <ProgressPanel name={name} title="Comparing with the database" />
      <Stack gap="md" mt="lg" aria-hidden="true">
        <Skeleton height={120} />
        <Skeleton height={240} />
      </Stack>
    </>
  );
}

type ImpactProps = { plan: PlanView; busy: boolean; onPush: () => void; onSql: () => void };

function Impact({ plan, busy, onPush, onSql }: ImpactProps) {
  const repeated = plan.repeat_of !== null;
  return (
    <Paper withBorder className={classes.impact}>
      <div className={classes.impactWords}>
        <Text className={classes.sentence} data-testid="impact">
          {repeated ? `Already pushed as push #${plan.repeat_of}; nothing to write.` : plan.sentence}
        </Text>
        <Text c="dimmed" size="sm" mt={4}>
          {repeated
            ? "Nothing changed since. Change a row or a file, and there is something new to push."
            : "What you see here is exactly what is written, in one go: all of it, or nothing."}{" "}
          {!repeated && (
            <Anchor component="button" type="button" size="sm" onClick={onSql} data-testid="show-sql">
              Show the SQL
            </Anchor>
          )}
        </Text>
      </div>
      <Button
        size="md"
        color={plan.profile.environment === "prod" ? "red.9" : undefined}
        leftSection={<IconDatabase size={18} />}
        disabled={repeated}
        loading={busy}
        onClick={onPush}
        data-testid="push-button"
      >
        Push to {profileName(plan)}
      </Button>
    </Paper>
  );
}

/** Prod is confirmed by its name, and so is whatever removes members. */
function question(plan: PlanView, how: PushChoice) {
  const removes = how.remove_missing && plan.counts.remove > 0;
  const isProd = plan.profile.environment === "prod";
  if (!removes && !isProd) return null;
  const removed = plural(plan.counts.remove, "member");
  const sentences = [`${plan.sentence}.`];
  if (removes)
    sentences.push(`${removed} whom the lists do not have any more will be removed from the database.`);
  if (isProd) sentences.push("This writes to the production database.");
  return { title: removes ? `Remove ${removed}?` : "Push to production?", text: sentences.join(" ") };
}

type PlanProps = { view: ImportView; plan: PlanView; how: PushChoice; onFix: Props["onFix"] };

function Plan({ view, plan, how, onFix }: PlanProps) {
  const { job, push, report, start } = usePush(view, plan, how);
  const [confirming, setConfirming] = useState(false);
  const [sql, setSql] = useState(false);
  const asked = question(plan, how);
  const ask = () => (asked ? setConfirming(true) : start(null));
  useActions(
    plan.repeat_of === null && !report
      ? [{ id: "push", label: `Push to ${profileName(plan)}`, group: "Push", run: ask }]
      : [],
  );
  return (
    <>
      <ErrorNotice error={push.failure} retry={ask} />
      {report ? (
        <ReportCard report={report} profile={profileName(report)} />
      ) : (
        <Impact plan={plan} busy={push.isPending} onPush={ask} onSql={() => setSql(true)} />
      )}
      {plan.repeat_of !== null && !report && (
        <Alert color="blue" variant="light" icon={<IconInfo />} data-testid="repeat-notice">
          This import is in the database as push #{plan.repeat_of}. You can still export its files below.
        </Alert>
      )}
      {!report && <Overwrites plan={plan} />}
      {!report && <PlanCards counts={plan.counts} />}
      <div className={classes.pair}>
        <LeftOut counts={plan.counts} onFix={onFix} />
        <ExportCard importId={view.id} reported={report !== null || plan.repeat_of !== null} />
      </div>
      {!report && <PlanDetails importId={view.id} plan={plan} />}
      <ProgressPanel name={job} title="Writing to the database" floating />
      {sql && <SqlDrawer importId={view.id} plan={plan} how={how} onClose={() => setSql(false)} />}
      <ConfirmByName
        opened={confirming}
        danger
        title={asked?.title ?? ""}
        name={plan.profile.name}
        label="Name of the profile"
        confirm={`Push to ${profileName(plan)}`}
        onClose={() => setConfirming(false)}
        onConfirm={(typed) => {
          setConfirming(false);
          start(typed);
        }}
      >
        {asked?.text}
      </ConfirmByName>
    </>
  );
}

/** Step 5: what a push would do, the push, and its report. */
export function PushScreen({ view, onFix, onColumns, onScores }: Props) {
  const api = useApi();
  const client = useQueryClient();
  const [how, setHow] = useState<PushChoice>({ mode: "insert-new", remove_missing: false });
  const job = `plan-${view.id}`;
  const plan = useJobQuery(job, [...keys.plan(view.id), how.mode, how.remove_missing], async (id) => {
    const made = await api.plan(view.id, how, id);
    // Making a plan checks rows that were not checked yet: the import's counts follow.
    if (!view.counts || view.stale) keepImport(client, await api.importOpen(view.id));
    return made;
  });
  const unanswered = asUserError(plan.error).code === "needs_answer";
  return (
    <Page title="Push" lead="See what would change in the database, then carry it out.">
      <Stack gap="lg">
        {plan.error !== null && (
          <ErrorNotice error={plan.error} retry={() => plan.refetch()}>
            {unanswered && (
              <Button size="xs" onClick={onColumns}>
                Go to Columns
              </Button>
            )}
          </ErrorNotice>
        )}
        <ModeChoice how={how} onChange={setHow} />
        <ScoresCard importId={view.id} plan={plan.data} onOpen={onScores} />
        {plan.isFetching && !plan.data && <Loading name={job} />}
        {plan.data && <Plan key={plan.data.package} view={view} plan={plan.data} how={how} onFix={onFix} />}
      </Stack>
    </Page>
  );
}
