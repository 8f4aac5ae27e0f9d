import { Alert, Button, Group, Paper, Select, Skeleton, Stack, Switch, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { type ImportView, type PushMode, type ScoresPreview, type ScoresView, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { isCancelled } from "../../components/errors";
import { plural } from "../../components/format";
import { IconInfo, IconLeft } from "../../components/icons";
import { useJobQuery, useJobState } from "../../components/jobs";
import { MODE_LABELS } from "../../components/labels";
import { Page } from "../../components/Page";
import { ProgressPanel } from "../../components/ProgressPanel";
import { keys } from "../../components/queryKeys";
import { Distributions } from "./Distributions";
import { MethodCard } from "./MethodCard";
import { Formulas, Moves } from "./Moves";
import classes from "./Scores.module.css";
import { type FullSettings, fullSettings, problemOf, settingsOf } from "./settings";

/** Settings are tried out once they rest for so long, in milliseconds. */
const REST = 400;

function Shown({ preview }: { preview: ScoresPreview }) {
  return (
    <Stack gap="lg">
      {preview.refused > 0 && (
        <Alert color="orange" variant="light" icon={<IconInfo />}>
          {plural(preview.refused, "score")} cannot be used: too large to be meant. Their members get no
          unified score.
        </Alert>
      )}
      <Formulas formulas={preview.formulas} />
      <Distributions clubs={preview.clubs} />
      <Moves preview={preview} />
      <Text size="sm" c="dimmed">
        Version of the method: <code data-testid="score-version">{preview.version}</code>, as of{" "}
        {preview.as_of}
      </Text>
    </Stack>
  );
}

function Preview({ view, settings }: { view: ImportView; settings: FullSettings }) {
  const api = useApi();
  const [mode, setMode] = useState<PushMode>("insert-new");
  const job = `scores-${view.id}`;
  const tried = useMemo(() => settingsOf(settings), [settings]);
  const [settled] = useDebouncedValue(tried, REST);
  const key = JSON.stringify(settled);
  const preview = useJobQuery(job, [...keys.plan(view.id), "scores", mode, key], (id) =>
    api.scoresPreview(view.id, { mode, remove_missing: false }, settled, id),
  );
  // Whoever tries out something else, or leaves, does not wait for the rest.
  const { cancel } = useJobState(job);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each key is a job of its own
  useEffect(() => cancel, [key, mode, cancel]);
  // What was shown last stays while other settings are tried out.
  const [last, setLast] = useState<ScoresPreview | null>(null);
  useEffect(() => {
    if (preview.data) setLast(preview.data);
  }, [preview.data]);
  const shown = preview.data ?? last;
  return (
    <Stack gap="lg" aria-busy={preview.isFetching}>
      <Select
        label="What a push with this mode would do"
        description="Scores of members who are there already count as the mode leaves them."
        value={mode}
        onChange={(value) => value && setMode(value as PushMode)}
        data={Object.entries(MODE_LABELS).map(([value, { label }]) => ({ value, label }))}
        allowDeselect={false}
        maw={420}
        data-testid="score-mode"
      />
      {preview.error !== null && !isCancelled(preview.error) && (
        <ErrorNotice error={preview.error} retry={() => preview.refetch()} />
      )}
      {isCancelled(preview.error) && (
        <Button variant="default" onClick={() => preview.refetch()} style={{ alignSelf: "start" }}>
          Try out
        </Button>
      )}
      <ProgressPanel name={job} title="Trying out the scores" />
      {!shown && preview.isFetching && <Skeleton height={320} aria-hidden="true" />}
      {shown && (
        <div className={preview.data ? undefined : classes.stale} data-testid="scores-preview">
          <Shown preview={shown} />
        </div>
      )}
    </Stack>
  );
}

type Props = { view: ImportView; onBack: () => void };

function Editor({ view, kept, onBack }: Props & { kept: ScoresView }) {
  const api = useApi();
  const client = useQueryClient();
  const [unify, setUnify] = useState(kept.unify);
  const [settings, setSettings] = useState(() => fullSettings(kept.settings));
  const problem = problemOf(settings);
  const keep = useMutation({
    mutationFn: () => api.scoresSet(view.id, unify, settingsOf(settings)),
    onSuccess: (saved) => {
      client.setQueryData(keys.scores(view.id), saved);
      const message = saved.unify ? "The push brings scores to one scale." : "Scores stay as they are.";
      notifications.show({ message, color: "green" });
      onBack();
    },
  });
  const clubs = [
    ...new Set([
      ...view.files.filter(({ role }) => role === "members").map(({ source }) => source),
      ...Object.keys(settings.weights),
    ]),
  ].sort();
  return (
    <Stack gap="lg">
      <Paper withBorder p="md" component="section" aria-label="Whether scores are changed">
        <Group justify="space-between" gap="lg">
          <Switch
            label="Bring the clubs’ scores to one scale when pushing"
            description="Clubs’ own scores stay as they are; the unified score is written beside them, with its history."
            checked={unify}
            onChange={(event) => setUnify(event.currentTarget.checked)}
            data-testid="score-unify"
          />
          <Group>
            <Button variant="default" onClick={onBack} data-testid="scores-cancel">
              Cancel
            </Button>
            <Button
              onClick={() => keep.mutate()}
              loading={keep.isPending}
              disabled={problem !== null}
              data-testid="scores-save"
            >
              Save
            </Button>
          </Group>
        </Group>
        <ErrorNotice error={keep.error} />
      </Paper>
      <div hidden={!unify}>
        <Stack gap="lg">
          <MethodCard settings={settings} formulas={kept.formulas} clubs={clubs} onChange={setSettings} />
          {problem ? (
            <Text role="alert" c="var(--m-error)" data-testid="score-problem">
              {problem}
            </Text>
          ) : (
            unify && <Preview view={view} settings={settings} />
          )}
        </Stack>
      </div>
    </Stack>
  );
}

/** The scores of an import: whether and how they are brought to one scale, tried out before it counts. */
export function ScoresScreen({ view, onBack }: Props) {
  const api = useApi();
  const scores = useQuery({ queryKey: keys.scores(view.id), queryFn: () => api.scores(view.id) });
  return (
    <Page
      title="Scores"
      lead="Clubs score on their own scales. See what one scale for all of them would do."
      actions={
        <Button
          variant="default"
          leftSection={<IconLeft size={16} />}
          onClick={onBack}
          data-testid="scores-back"
        >
          Back to Push
        </Button>
      }
    >
      <ErrorNotice error={scores.error} retry={() => scores.refetch()} />
      {scores.isPending && <Skeleton height={240} aria-hidden="true" />}
      {scores.data && <Editor view={view} kept={scores.data} onBack={onBack} />}
    </Page>
  );
}
