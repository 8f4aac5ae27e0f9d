import { Input, Modal, NumberInput, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  type Driver,
  type Environment,
  type ProfileForm,
  type ProfileView,
  type Tls,
  useApi,
} from "../../../api";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { FormActions } from "../../../components/FormActions";
import { DRIVER_LABELS, ENVIRONMENT_LABELS } from "../../../components/labels";
import { keepProfiles } from "../../../components/profiles";
import classes from "./Profiles.module.css";
import type { Doing } from "./ProfilesSection";

const NEW: ProfileForm = {
  environment: "dev",
  driver: "postgres",
  path: null,
  host: null,
  port: null,
  database: null,
  user: null,
  tls: null,
  root_cert: null,
};
const TLS_CHOICES: { value: Tls; label: string }[] = [
  { value: "verify-full", label: "Encrypted, certificate and name checked (verify-full)" },
  { value: "verify-ca", label: "Encrypted, certificate checked (verify-ca)" },
  { value: "require", label: "Encrypted, whoever answers (require)" },
  { value: "disable", label: "Not encrypted (disable)" },
];

/** Only what belongs to the driver is sent: what was typed for the other one is not the person's wish. */
function ofDriver(form: ProfileForm): ProfileForm {
  const { environment, driver } = form;
  if (driver === "sqlite") return { ...NEW, environment, driver, path: form.path };
  const checked = (form.tls ?? "verify-full").startsWith("verify");
  return { ...form, path: null, root_cert: checked ? form.root_cert : null };
}

function useSave(name: string, form: ProfileForm, profile: ProfileView | undefined) {
  const api = useApi();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const sent = ofDriver(form);
      const problems = await api.profileCheck(name, sent, !profile);
      if (problems.length > 0) return { problems, saved: null };
      const list = profile ? await api.profileEdit(name, sent) : await api.profileAdd(name, sent);
      keepProfiles(client, list);
      return { problems, saved: list.find((other) => other.name === name) ?? null };
    },
  });
}

type FieldsProps = {
  form: ProfileForm;
  set: (change: Partial<ProfileForm>) => void;
  fault: (key: string) => string | undefined;
};

function ServerFields({ form, set, fault }: FieldsProps) {
  const text = (key: "host" | "database" | "user" | "root_cert") => ({
    value: form[key] ?? "",
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => set({ [key]: event.currentTarget.value }),
    error: fault(key),
    autoComplete: "off",
    spellCheck: false,
    "data-testid": `profile-${key}`,
  });
  return (
    <>
      <div className={classes.address}>
        <TextInput label="Host" placeholder="db.example.org" {...text("host")} />
        <NumberInput
          label="Port"
          placeholder="5432"
          hideControls
          allowDecimal={false}
          allowNegative={false}
          value={form.port ?? ""}
          onChange={(value) => set({ port: typeof value === "number" ? value : null })}
          error={fault("port")}
          data-testid="profile-port"
        />
      </div>
      <div className={classes.pair}>
        <TextInput label="Database" {...text("database")} />
        <TextInput label="User" {...text("user")} />
      </div>
      <Text size="sm" c="dimmed">
        The user’s password is set afterwards and kept in this computer’s keychain.
      </Text>
      <Select
        label="Encryption"
        data={TLS_CHOICES}
        value={form.tls ?? "verify-full"}
        onChange={(value) => set({ tls: value as Tls })}
        error={fault("tls")}
      />
      {(form.tls ?? "verify-full").startsWith("verify") && (
        <TextInput
          label="Certificate authority"
          description="A PEM file, if it is not one that this computer trusts. A relative path is below the config folder."
          placeholder="ca.pem"
          {...text("root_cert")}
        />
      )}
    </>
  );
}

type Props = { profile?: ProfileView; onDo: (doing: Doing) => void; onClose: () => void };

/** Adds a profile or changes one. */
export function ProfileDialog({ profile, onDo, onClose }: Props) {
  const [name, setName] = useState(profile?.name ?? "");
  const [form, setForm] = useState<ProfileForm>(profile?.settings ?? NEW);
  const save = useSave(name.trim(), form, profile);
  const set = (change: Partial<ProfileForm>) => setForm((before) => ({ ...before, ...change }));
  const fault = (key: string) => {
    const message = save.data?.problems.find((problem) => problem.place === key)?.message;
    return message && message.charAt(0).toUpperCase() + message.slice(1);
  };
  const submit = async () => {
    const saved = (await save.mutateAsync().catch(() => null))?.saved;
    if (!saved) return;
    // A new server wants a password next.
    if (!profile && saved.driver === "postgres") onDo({ what: "secret", profile: saved });
    else onClose();
  };
  return (
    <Modal opened onClose={onClose} title={profile ? `Edit ${profile.name}` : "Add a profile"} size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack>
          <TextInput
            label="Name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            disabled={profile !== undefined}
            error={fault("name")}
            autoComplete="off"
            spellCheck={false}
            data-autofocus={profile ? undefined : true}
            data-testid="profile-name"
          />
          <Input.Wrapper label="Environment" labelElement="div" error={fault("environment")}>
            <SegmentedControl
              fullWidth
              aria-label="Environment"
              value={form.environment}
              onChange={(value) => set({ environment: value as Environment })}
              data={Object.entries(ENVIRONMENT_LABELS).map(([value, label]) => ({ value, label }))}
            />
          </Input.Wrapper>
          <Input.Wrapper label="Kind" labelElement="div" error={fault("driver")}>
            <SegmentedControl
              fullWidth
              aria-label="Kind of database"
              value={form.driver}
              onChange={(value) => set({ driver: value as Driver })}
              data={Object.entries(DRIVER_LABELS).map(([value, label]) => ({ value, label }))}
            />
          </Input.Wrapper>
          {form.driver === "sqlite" ? (
            <TextInput
              label="File"
              description="A relative path is below Muster’s data folder. It is made by the first push."
              placeholder="members.db"
              value={form.path ?? ""}
              onChange={(event) => set({ path: event.currentTarget.value })}
              error={fault("path")}
              data-testid="profile-path"
            />
          ) : (
            <ServerFields form={form} set={set} fault={fault} />
          )}
          <ErrorNotice error={save.error} />
          <FormActions onClose={onClose} loading={save.isPending} data-testid="profile-save">
            {profile ? "Save" : "Add"}
          </FormActions>
        </Stack>
      </form>
    </Modal>
  );
}
