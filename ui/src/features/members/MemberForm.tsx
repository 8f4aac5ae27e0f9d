import { Autocomplete, Button, Group, Stack, TextInput, Title } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import { type FieldProblem, type FieldValue, type MemberView, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { TARGET_LABELS } from "../../components/labels";
import { useConfirmProfile } from "./ConfirmProfile";
import { useChoices } from "./Filters";
import { keyOf, OF_MEMBER, OF_MEMBERSHIP, partsOf, type Texts, toValue } from "./fields";
import classes from "./Members.module.css";

const HINTS: Record<string, string> = {
  birth_date: "YYYY-MM-DD",
  last_active: "YYYY-MM-DD",
  member_since: "YYYY, YYYY-MM or YYYY-MM-DD",
  state: "TX or Texas",
};

type Errors = Record<string, string>;

type InputProps = {
  name: string;
  texts: Texts;
  errors: Errors;
  onChange: (key: string, text: string) => void;
};

function FieldInput({ name, texts, errors, onChange }: InputProps) {
  const { field } = partsOf(name);
  const choices = useChoices(field === "company" ? (texts[name] ?? "") : "");
  const common = {
    label: TARGET_LABELS[field],
    placeholder: HINTS[field],
    value: texts[name] ?? "",
    error: errors[name],
    autoComplete: "off",
    name,
    "data-testid": `member-field-${name}`,
  };
  if (field === "company") {
    return (
      <Autocomplete
        {...common}
        data={[...new Set(choices.data?.companies.map((company) => company.name))]}
        filter={({ options }) => options}
        onChange={(text) => onChange(name, text)}
      />
    );
  }
  return <TextInput {...common} onChange={(event) => onChange(name, event.currentTarget.value)} />;
}

/** Asks the backend what cannot be read among the changed texts; gives the errors by key. */
export function useCheck() {
  const api = useApi();
  return async (keys: string[], texts: Texts): Promise<Errors> => {
    const errors: Errors = {};
    const groups = new Map<number | null, string[]>();
    for (const key of keys) {
      const { membership } = partsOf(key);
      groups.set(membership, [...(groups.get(membership) ?? []), key]);
    }
    for (const [membership, of] of groups) {
      const values: FieldValue[] = of.map((key) => toValue(key, texts));
      const problems: FieldProblem[] = await api.memberCheck(values);
      for (const { field, message } of problems) errors[keyOf(field, membership)] = message;
    }
    return errors;
  };
}

type Props = {
  /** the member that is edited; none for a new one */
  view: MemberView | null;
  texts: Texts;
  onChange: (key: string, text: string) => void;
  /** the keys to check before they are saved */
  changed: string[];
  busy: boolean;
  error: unknown;
  save: string;
  onSave: (confirmed: string | null) => void;
  onCancel: () => void;
  /** what comes before the fields of the member */
  children?: React.ReactNode;
};

/** The fields of a member and their memberships. */
export function MemberForm({
  view,
  texts,
  onChange,
  changed,
  busy,
  error,
  save,
  onSave,
  onCancel,
  children,
}: Props) {
  const check = useCheck();
  const confirm = useConfirmProfile();
  const [errors, setErrors] = useState<Errors>({});
  const [failure, setFailure] = useState<unknown>(null);
  const form = useRef<HTMLFormElement>(null);
  const change = (key: string, text: string) => {
    setErrors(({ [key]: _, ...others }) => others);
    onChange(key, text);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFailure(null);
    try {
      const found = await check(changed, texts);
      setErrors(found);
      const [first] = Object.keys(found);
      if (!first) onSave(confirm.confirmed);
      else form.current?.querySelector<HTMLInputElement>(`[name="${first}"]`)?.focus();
    } catch (reason) {
      setFailure(reason);
    }
  };
  const input = (key: string) => (
    <FieldInput key={key} name={key} texts={texts} errors={errors} onChange={change} />
  );
  const memberships = view
    ? view.memberships.map(({ id, club }) => ({ id, club }))
    : [{ id: null, club: "" }];
  return (
    <form ref={form} onSubmit={submit} noValidate aria-label={view ? "Edit member" : "New member"}>
      <Stack>
        {children}
        <div className={classes.form}>{OF_MEMBER.map(input)}</div>
        {memberships.map(({ id, club }) => (
          <Stack key={id ?? "new"} gap="xs">
            <Title order={3}>{club ? `Membership · ${club}` : "Membership"}</Title>
            <div className={classes.form}>
              {id === null && input("source_key")}
              {OF_MEMBERSHIP.map((field) => input(keyOf(field, id)))}
            </div>
          </Stack>
        ))}
        {confirm.input}
        <div className={classes.foot}>
          <ErrorNotice error={failure ?? error} />
          <Group justify="flex-end" mt={(failure ?? error) ? "sm" : 0}>
            <Button variant="default" onClick={onCancel} data-testid="member-cancel">
              Cancel
            </Button>
            <Button
              type="submit"
              disabled={changed.length === 0 || !confirm.ready}
              loading={busy}
              data-testid="member-save"
            >
              {save}
            </Button>
          </Group>
        </div>
      </Stack>
    </form>
  );
}
