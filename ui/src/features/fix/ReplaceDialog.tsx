import { Checkbox, Group, Modal, Select, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Field, type FieldInfo, type NewOperation, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { FormActions } from "../../components/FormActions";
import { count, plural } from "../../components/format";
import { IconRight } from "../../components/icons";
import { Private } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import classes from "./Fix.module.css";
import type { Operations } from "./useOperations";

type Props = {
  importId: number;
  opened: boolean;
  fields: FieldInfo[];
  initialField: Field | null;
  operations: Operations;
  onClose: () => void;
};

function Preview({
  importId,
  operation,
}: {
  importId: number;
  operation: NewOperation & { kind: "replace_value" };
}) {
  const api = useApi();
  const preview = useQuery({
    queryKey: [...keys.fix(importId), "replace", operation],
    queryFn: () => api.replacePreview(importId, operation),
    enabled: operation.find !== "",
  });
  return (
    <div style={{ minHeight: 178 }} aria-live="polite" data-testid="replace-preview">
      <ErrorNotice error={preview.error} retry={() => preview.refetch()} />
      {operation.find === "" && (
        <Text size="sm" c="dimmed">
          Type what to find; the rows that would change are shown here first.
        </Text>
      )}
      {preview.isLoading && <Skeleton height={20} width={180} aria-hidden="true" />}
      {preview.data && (
        <>
          <Text size="sm" fw={600} mb={4}>
            {preview.data.rows === 0
              ? "Nothing to replace."
              : `${plural(preview.data.rows, "row")} would change.`}
          </Text>
          {preview.data.samples.slice(0, 4).map((sample) => (
            <div key={sample.row} className={classes.sample}>
              <Text size="xs" c="dimmed" className="numeric">
                row {count(sample.row)}
              </Text>
              <span className="one-line">
                <Private value={sample.before ?? ""} field={operation.field} />
              </span>
              <IconRight size={14} />
              <span className="one-line">
                {sample.after === null ? (
                  <em>(empty)</em>
                ) : (
                  <Private value={sample.after} field={operation.field} />
                )}
              </span>
            </div>
          ))}
        </>
      )}
    </div>
  );
}

function Form({ importId, fields, initialField, operations, onClose }: Omit<Props, "opened">) {
  const used = fields.filter((info) => info.used);
  const [field, setField] = useState<Field>(
    initialField ??
      used.find((info) => info.field === "family_name")?.field ??
      used[0]?.field ??
      "family_name",
  );
  const [find, setFind] = useState("");
  const [replace, setReplace] = useState("");
  const [wholeCell, setWholeCell] = useState(false);
  const [matchCase, setMatchCase] = useState(false);
  const operation = {
    kind: "replace_value" as const,
    field,
    find,
    replace,
    whole_cell: wholeCell,
    match_case: matchCase,
  };
  const [settled] = useDebouncedValue(operation, 250);
  return (
    <form
      onSubmit={async (event) => {
        event.preventDefault();
        if (find !== "" && (await operations.add(operation))) onClose();
      }}
    >
      <Stack>
        <Select
          label="Field"
          data={used.map((info) => ({ value: info.field, label: info.label }))}
          value={field}
          onChange={(value) => value && setField(value as Field)}
          searchable
          data-testid="replace-field"
        />
        <Group grow align="flex-start">
          <TextInput
            label="Find"
            value={find}
            onChange={(event) => setFind(event.currentTarget.value)}
            data-autofocus
            autoComplete="off"
            data-testid="replace-find"
          />
          <TextInput
            label="Replace with"
            placeholder="(nothing)"
            value={replace}
            onChange={(event) => setReplace(event.currentTarget.value)}
            autoComplete="off"
            data-testid="replace-with"
          />
        </Group>
        <Group gap="lg">
          <Checkbox
            label="Whole cell"
            checked={wholeCell}
            onChange={(event) => setWholeCell(event.currentTarget.checked)}
            data-testid="replace-whole"
          />
          <Checkbox
            label="Match case"
            checked={matchCase}
            onChange={(event) => setMatchCase(event.currentTarget.checked)}
            data-testid="replace-case"
          />
        </Group>
        <Preview importId={importId} operation={settled} />
        <ErrorNotice error={operations.error} />
        <FormActions
          onClose={onClose}
          disabled={find === ""}
          loading={operations.busy}
          data-testid="replace-apply"
        >
          Replace in all rows
        </FormActions>
      </Stack>
    </form>
  );
}

/** Find and replace in one field of all rows, as a step that can be undone. */
export function ReplaceDialog({ opened, ...form }: Props) {
  return (
    <Modal opened={opened} onClose={form.onClose} title="Find and replace" size="lg">
      <Form {...form} />
    </Modal>
  );
}
