import { Center, Loader } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type ImportView, type RowQuery, type Step, useApi } from "../api";
import { useActions } from "../components/actions";
import { ErrorNotice } from "../components/ErrorNotice";
import { STEPS } from "../components/labels";
import { keepImport, keys } from "../components/queryKeys";
import { ALL_ROWS } from "../components/rowQuery";
import { ColumnsScreen } from "../features/columns/ColumnsScreen";
import { FilesScreen } from "../features/files/FilesScreen";
import { FixScreen } from "../features/fix/FixScreen";
import { PeopleScreen } from "../features/people/PeopleScreen";
import { PushScreen } from "../features/push/PushScreen";
import { ScoresScreen } from "../features/scores/ScoresScreen";
import classes from "./ImportWorkspace.module.css";
import { navigate } from "./router";
import { StepBar } from "./StepBar";

/** Which steps can be opened now, and why the others cannot. */
export function blockedStep(view: ImportView, step: Step): string | null {
  if (step === "files") return null;
  if (!view.files.some((file) => file.role === "members")) return "Add a file with members first.";
  if (step === "columns") return null;
  const questions = view.files.reduce((sum, file) => sum + file.questions, 0);
  if (questions > 0) return "Answer the open questions about the columns first.";
  return null;
}

const ORDER: Step[] = STEPS.map(({ step }) => step);

function useStep(view: ImportView) {
  const api = useApi();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (step: Step) => api.importSetStep(view.id, step),
    // The step is shown at once; a failed save is told by the alert and shows the saved step again.
    onMutate: (step) =>
      client.setQueryData<ImportView>(keys.import(view.id), (old) => (old ? { ...old, step } : old)),
    onSuccess: (saved) => keepImport(client, saved),
    onError: () => client.invalidateQueries({ queryKey: keys.import(view.id), exact: true }),
  });
  return { go: save.mutate, error: save.error };
}

function Workspace({ view }: { view: ImportView }) {
  const { go, error } = useStep(view);
  // What the Fix step filters by lives here, so that it survives a look at another step.
  const [query, setQuery] = useState<RowQuery>(ALL_ROWS);
  const [held, setHeld] = useState<string | null>(null);
  // Scores are set beside the push that they belong to.
  const [scoring, setScoring] = useState(false);
  const { step } = view;
  const at = ORDER.indexOf(step);
  const back = ORDER[at - 1] ?? null;
  const next = ORDER[at + 1] ?? null;
  const nextBlocked = next ? (held ?? blockedStep(view, next)) : null;
  const client = useQueryClient();
  // Trying out scores plans the push: the plan that the Push step showed before may be another one.
  const leaveScores = () => {
    if (scoring) client.removeQueries({ queryKey: keys.plan(view.id) });
    setScoring(false);
  };
  const open = (target: Step) => {
    setHeld(null);
    leaveScores();
    go(target);
  };
  useActions(
    ORDER.filter((target) => target !== step && blockedStep(view, target) === null).map((target) => ({
      id: `step-${target}`,
      label: `Step: ${STEPS.find((s) => s.step === target)?.label}`,
      group: "This import",
      run: () => open(target),
    })),
  );
  return (
    <div className={classes.workspace}>
      <StepBar
        name={view.name}
        step={step}
        blocked={(target) => blockedStep(view, target)}
        back={back}
        next={next}
        nextBlocked={nextBlocked}
        onGo={open}
        onClose={() => navigate({ screen: "imports" })}
      />
      {error && (
        <div className={classes.alert}>
          <ErrorNotice error={error} />
        </div>
      )}
      <section className={classes.step} aria-label={STEPS.find((s) => s.step === step)?.label}>
        {step === "fix" && <h1 className="visually-hidden">Fix</h1>}
        {step === "files" && <FilesScreen view={view} />}
        {step === "columns" && <ColumnsScreen view={view} onHold={setHeld} />}
        {step === "fix" && (
          <FixScreen view={view} query={query} onQuery={setQuery} onColumns={() => open("columns")} />
        )}
        {step === "people" && (
          <PeopleScreen view={view} onColumns={() => open("columns")} onPush={() => open("push")} />
        )}
        {step === "push" && scoring && <ScoresScreen view={view} onBack={leaveScores} />}
        {step === "push" && !scoring && (
          <PushScreen
            view={view}
            onColumns={() => open("columns")}
            onScores={() => setScoring(true)}
            onFix={(filter) => {
              setQuery({ ...ALL_ROWS, ...filter });
              open("fix");
            }}
          />
        )}
      </section>
    </div>
  );
}

/** One import: its steps, opened where they were left. */
export function ImportWorkspace({ importId }: { importId: number }) {
  const api = useApi();
  const view = useQuery({ queryKey: keys.import(importId), queryFn: () => api.importOpen(importId) });
  if (view.data) return <Workspace view={view.data} />;
  return (
    <Center h="100%" p="xl">
      {view.error ? (
        <ErrorNotice error={view.error} retry={() => view.refetch()} />
      ) : (
        <Loader aria-label="Opening the import" />
      )}
    </Center>
  );
}
