import { Button, Chip, Group, Input, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  type Day,
  type PickedPath,
  type ScheduleInput,
  type ScheduleView,
  type TimerReport,
  useApi,
} from "../../../api";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { FormActions } from "../../../components/FormActions";
import { useProfiles } from "../../../components/profiles";
import { keys } from "../../../components/queryKeys";
import { DAYS } from "./days";
import classes from "./Schedules.module.css";

type Form = {
  name: string;
  profile: string;
  daily: string;
  weekly: Day[];
  recipe: PickedPath | null;
  out: PickedPath | null;
  keepOut: boolean;
  confirmed: string;
};

const NOTHING: TimerReport = { done: [], by_hand: [] };

function formOf(schedule: ScheduleView | undefined): Form {
  return {
    name: schedule?.name ?? "",
    profile: schedule?.profile ?? "",
    daily: schedule?.daily ?? "02:00",
    weekly: schedule?.weekly ?? [],
    recipe: null,
    out: null,
    keepOut: (schedule?.out ?? null) !== null,
    confirmed: "",
  };
}

function inputOf(form: Form): ScheduleInput {
  return {
    profile: form.profile,
    daily: form.daily,
    weekly: form.weekly,
    recipe: form.recipe?.token ?? null,
    out: form.out?.token ?? null,
    keep_out: form.keepOut,
    confirmed: form.confirmed.trim() || null,
  };
}

function useSave(form: Form, schedule: ScheduleView | undefined, onSaved: (report: TimerReport) => void) {
  const api = useApi();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const [name, input] = [form.name.trim(), inputOf(form)];
      const problems = await api.scheduleCheck(name, input, !schedule);
      if (problems.length > 0) return { problems, timer: null };
      if (schedule) return { problems, timer: await api.scheduleEdit(name, input) };
      await api.scheduleAdd(name, input);
      return { problems, timer: NOTHING };
    },
    onSuccess: ({ timer }) => {
      client.invalidateQueries({ queryKey: keys.schedules });
      if (timer) onSaved(timer);
    },
  });
}

type PathProps = {
  label: string;
  description: string;
  path: string | null;
  choose: () => void;
  clear?: () => void;
  error?: string;
  testId: string;
};

/** A file or a folder that is chosen in a dialog of the system. */
function PathField({ label, description, path, choose, clear, error, testId }: PathProps) {
  return (
    <Input.Wrapper label={label} labelElement="div" description={description} error={error}>
      <div className={classes.picked}>
        <Button
          size="xs"
          variant="default"
          onClick={choose}
          data-testid={testId}
          aria-label={`Choose: ${label}`}
        >
          Choose…
        </Button>
        <Text size="sm" className={classes.told}>
          {path ?? "none"}
        </Text>
        {path && clear && (
          <Button size="xs" variant="subtle" color="gray" onClick={clear} aria-label={`None: ${label}`}>
            None
          </Button>
        )}
      </div>
    </Input.Wrapper>
  );
}

type FieldsProps = {
  form: Form;
  set: (change: Partial<Form>) => void;
  fault: (key: string) => string | undefined;
};

function Times({ form, set, fault }: FieldsProps) {
  return (
    <>
      <TextInput
        type="time"
        label="At"
        description="As the clocks of this computer show it."
        value={form.daily}
        onChange={(event) => set({ daily: event.currentTarget.value })}
        error={fault("daily")}
        data-testid="schedule-daily"
      />
      <Input.Wrapper
        label="Days"
        labelElement="div"
        description="None chosen: every day."
        error={fault("weekly")}
      >
        <Chip.Group multiple value={form.weekly} onChange={(days) => set({ weekly: days as Day[] })}>
          <Group gap={6} mt={4}>
            {DAYS.map(({ day, label }) => (
              <Chip key={day} value={day} size="xs">
                {label}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Input.Wrapper>
    </>
  );
}

function Target({ form, set, fault }: FieldsProps) {
  const profiles = useProfiles();
  const profile = profiles.data?.find(({ name }) => name === form.profile);
  return (
    <>
      <Select
        label="Push to"
        placeholder="Choose a profile"
        data={profiles.data?.map(({ name }) => name) ?? []}
        value={form.profile || null}
        onChange={(name) => set({ profile: name ?? "", confirmed: "" })}
        error={fault("profile")}
        data-testid="schedule-profile"
      />
      {profile?.environment === "prod" && (
        <TextInput
          label="Name of the profile"
          description={`The schedule will push to a prod profile without asking. Type “${profile.name}” to allow it.`}
          value={form.confirmed}
          onChange={(event) => set({ confirmed: event.currentTarget.value })}
          error={fault("confirm")}
          autoComplete="off"
          spellCheck={false}
          data-testid="schedule-confirm"
        />
      )}
    </>
  );
}

function Paths({ form, set, fault, schedule }: FieldsProps & { schedule: ScheduleView | undefined }) {
  const api = useApi();
  const pick = useMutation({
    mutationFn: async (what: "recipe" | "out") => {
      const picked = await (what === "recipe" ? api.schedulePickRecipe() : api.schedulePickFolder());
      if (picked) set({ [what]: picked });
    },
  });
  const out = form.out?.path ?? (form.keepOut ? schedule?.out : null) ?? null;
  return (
    <>
      <PathField
        label="Recipe"
        description="muster run … --out writes one: recipe.yml. Its files are relative to it."
        path={form.recipe?.path ?? schedule?.recipe ?? null}
        choose={() => pick.mutate("recipe")}
        error={fault("recipe")}
        testId="schedule-recipe"
      />
      <PathField
        label="Folder for the result files"
        description="Not needed. Each run replaces what the run before has written."
        path={out}
        choose={() => pick.mutate("out")}
        clear={() => set({ out: null, keepOut: false })}
        error={fault("out")}
        testId="schedule-out"
      />
      <ErrorNotice error={pick.error} />
    </>
  );
}

type Props = { schedule?: ScheduleView; onSaved: (report: TimerReport) => void; onClose: () => void };

/** Adds a schedule or changes one. */
export function ScheduleDialog({ schedule, onSaved, onClose }: Props) {
  const [form, setForm] = useState(() => formOf(schedule));
  const save = useSave(form, schedule, onSaved);
  const set = (change: Partial<Form>) => setForm((before) => ({ ...before, ...change }));
  const fault = (key: string) => {
    const message = save.data?.problems.find((problem) => problem.place === key)?.message;
    return message && message.charAt(0).toUpperCase() + message.slice(1);
  };
  return (
    <Modal opened onClose={onClose} title={schedule ? `Edit ${schedule.name}` : "Add a schedule"} size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          <TextInput
            label="Name"
            value={form.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
            disabled={schedule !== undefined}
            error={fault("name")}
            autoComplete="off"
            spellCheck={false}
            data-autofocus={schedule ? undefined : true}
            data-testid="schedule-name"
          />
          <Paths form={form} set={set} fault={fault} schedule={schedule} />
          <Target form={form} set={set} fault={fault} />
          <Times form={form} set={set} fault={fault} />
          <ErrorNotice error={save.error} />
          <FormActions onClose={onClose} loading={save.isPending} data-testid="schedule-save">
            {schedule ? "Save" : "Add"}
          </FormActions>
        </Stack>
      </form>
    </Modal>
  );
}
