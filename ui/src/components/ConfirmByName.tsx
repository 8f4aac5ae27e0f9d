import { Modal, Stack, Text, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ErrorNotice } from "./ErrorNotice";
import { FormActions } from "./FormActions";

type Props = {
  opened: boolean;
  title: string;
  /** what must be typed */
  name: string;
  label: string;
  confirm: string;
  danger?: boolean;
  busy?: boolean;
  error?: unknown;
  onClose: () => void;
  onConfirm: (typed: string) => void;
  children: ReactNode;
};

function Form({
  name,
  label,
  confirm,
  danger,
  busy,
  error,
  onClose,
  onConfirm,
  children,
}: Omit<Props, "opened" | "title">) {
  const [typed, setTyped] = useState("");
  const matches = typed.trim() === name;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (matches) onConfirm(typed.trim());
      }}
    >
      <Stack>
        <Text size="sm">{children}</Text>
        <TextInput
          label={label}
          description={`Type “${name}” to go on`}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
          autoComplete="off"
          data-testid="confirm-name"
        />
        <ErrorNotice error={error} />
        <FormActions
          onClose={onClose}
          color={danger ? "red.9" : undefined}
          disabled={!matches}
          loading={busy}
          data-testid="confirm-go"
        >
          {confirm}
        </FormActions>
      </Stack>
    </form>
  );
}

/** Asks for a name before something that cannot be taken back. */
export function ConfirmByName({ opened, title, ...form }: Props) {
  return (
    <Modal opened={opened} onClose={form.onClose} title={title}>
      <Form {...form} />
    </Modal>
  );
}
