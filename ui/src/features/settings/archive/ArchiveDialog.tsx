import {
  Checkbox,
  Input,
  Modal,
  PasswordInput,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ChangeEvent, useState } from "react";
import { type ArchiveForm, type ArchiveKind, useApi } from "../../../api";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { FormActions } from "../../../components/FormActions";
import { keys } from "../../../components/queryKeys";
import { KIND_HINTS, KINDS } from "./kinds";

/** Only what belongs to the kind is sent: what was typed for another one is not the person's wish. */
function ofKind(form: ArchiveForm): ArchiveForm {
  const { kind, path } = form;
  if (kind === "s3") return { ...form, path: null };
  const nothing = { bucket: null, region: null, endpoint: null, prefix: null, key_id: null };
  return { kind, path: kind === "folder" ? path : null, ...nothing, conditional_writes: null };
}

function useSave(form: ArchiveForm, secret: string, onSaved: () => void) {
  const api = useApi();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const sent = ofKind(form);
      const problems = await api.archiveCheck(sent);
      if (problems.length > 0) return { problems };
      const view = await api.archiveSet(sent, sent.kind === "s3" && secret ? secret : null);
      client.setQueryData(keys.archive, view);
      client.invalidateQueries({ queryKey: keys.archiveSecret });
      return { problems };
    },
    // Nothing of the secret stays in the cache of mutations.
    gcTime: 0,
    onSuccess: ({ problems }) => problems.length === 0 && onSaved(),
  });
}

type FieldsProps = {
  form: ArchiveForm;
  set: (change: Partial<ArchiveForm>) => void;
  fault: (key: string) => string | undefined;
};

function textsOf({ form, set, fault }: FieldsProps) {
  return (key: "path" | "bucket" | "region" | "endpoint" | "prefix" | "key_id") => ({
    value: form[key] ?? "",
    onChange: (event: ChangeEvent<HTMLInputElement>) => set({ [key]: event.currentTarget.value }),
    error: fault(key),
    autoComplete: "off",
    spellCheck: false,
    "data-testid": `archive-${key}`,
  });
}

type SecretProps = { secret: string; setSecret: (secret: string) => void };

function S3Fields({ secret, setSecret, ...fields }: FieldsProps & SecretProps) {
  const text = textsOf(fields);
  const { form, set } = fields;
  return (
    <>
      <TextInput label="Bucket" {...text("bucket")} />
      <TextInput
        label="Address"
        description="Of another store than Amazon’s"
        placeholder="https://s3.example.org"
        {...text("endpoint")}
      />
      <TextInput label="Region" placeholder="us-east-1" {...text("region")} />
      <TextInput
        label="Prefix"
        description="What stands before the names of the objects"
        placeholder="muster"
        {...text("prefix")}
      />
      <TextInput label="Id of the access key" {...text("key_id")} />
      <PasswordInput
        label="Secret of the access key"
        description="Kept in this computer’s keychain and never shown. Left empty, the one for the same key at the same address stays."
        value={secret}
        onChange={(event) => setSecret(event.currentTarget.value)}
        autoComplete="off"
        data-testid="archive-secret"
        visibilityToggleButtonProps={{ "aria-label": "Show what is typed" }}
      />
      <Checkbox
        label="Take a store that lets files be overwritten"
        description="Muster never writes over a file itself; others who may write to the bucket could."
        checked={form.conditional_writes === false}
        onChange={(event) => set({ conditional_writes: event.currentTarget.checked ? false : null })}
      />
    </>
  );
}

/** Where raw files are archived: goes to config.yml, and the secret of an S3 key to the keychain. */
export function ArchiveDialog({ settings, onClose }: { settings: ArchiveForm; onClose: () => void }) {
  const [form, setForm] = useState(settings);
  const [secret, setSecret] = useState("");
  const save = useSave(form, secret, onClose);
  const set = (change: Partial<ArchiveForm>) => setForm((before) => ({ ...before, ...change }));
  const fault = (key: string) => {
    const message = save.data?.problems.find((problem) => problem.place === key)?.message;
    return message && message.charAt(0).toUpperCase() + message.slice(1);
  };
  const fields = { form, set, fault };
  const text = textsOf(fields);
  return (
    <Modal opened onClose={onClose} title="Archive of raw files" size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          <Input.Wrapper label="Where" labelElement="div" error={fault("kind")}>
            <SegmentedControl
              fullWidth
              aria-label="Where"
              value={form.kind}
              onChange={(value) => set({ kind: value as ArchiveKind })}
              data={KINDS}
            />
          </Input.Wrapper>
          <Text size="sm" c="dimmed">
            {KIND_HINTS[form.kind]} Files that were archived stay where they are.
          </Text>
          {form.kind === "folder" && (
            <TextInput
              label="Folder"
              description="A relative path is below Muster’s data folder."
              placeholder="archive"
              {...text("path")}
            />
          )}
          {form.kind === "s3" && <S3Fields {...fields} secret={secret} setSecret={setSecret} />}
          <ErrorNotice error={save.error} />
          <FormActions onClose={onClose} loading={save.isPending} data-testid="archive-submit">
            Save
          </FormActions>
        </Stack>
      </form>
    </Modal>
  );
}
