import { Button, Checkbox, Group, Modal, Select, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Field, type FieldInfo, type SpellingGroup, useApi } from "../../api";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNotice } from "../../components/ErrorNotice";
import { plural } from "../../components/format";
import { IconCheck } from "../../components/icons";
import { PERSONAL } from "../../components/labels";
import { Private, usePrivacy } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import classes from "./Fix.module.css";
import type { Operations } from "./useOperations";

type Props = {
  importId: number;
  opened: boolean;
  fields: FieldInfo[];
  operations: Operations;
  onClose: () => void;
};
type GroupProps = { group: SpellingGroup; field: Field; operations: Operations };

function Spellings({ group, field, operations }: GroupProps) {
  const [to, setTo] = useState(group.suggestion);
  const [chosen, setChosen] = useState<(string | null)[]>(group.values.map(({ value }) => value));
  const from = chosen.filter((value) => value !== to.trim());
  const toggle = (value: string | null) =>
    setChosen((before) => (before.includes(value) ? before.filter((v) => v !== value) : [...before, value]));
  return (
    <li className={classes.group}>
      <Stack gap={6}>
        {group.values.map(({ value, rows }) => (
          <Group key={value ?? "\u0000"} justify="space-between" wrap="nowrap">
            <Checkbox
              label={value === null ? "(empty)" : <Private value={value} field={field} />}
              checked={chosen.includes(value)}
              onChange={() => toggle(value)}
            />
            <Text size="xs" c="dimmed" className="numeric">
              {plural(rows, "row")}
            </Text>
          </Group>
        ))}
        <Group mt={4} align="flex-end" wrap="nowrap">
          <TextInput
            size="xs"
            flex={1}
            label="All become"
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
          <Button
            size="xs"
            disabled={from.length === 0 || !to.trim() || operations.busy}
            onClick={() => operations.add({ kind: "merge_values", field, from, to: to.trim() })}
            data-testid="spelling-merge"
          >
            Merge
          </Button>
        </Group>
      </Stack>
    </li>
  );
}

function Groups({ importId, fields, operations }: Omit<Props, "opened" | "onClose">) {
  const api = useApi();
  const { hidden } = usePrivacy();
  // What all become is typed in the open, so hidden fields are not offered.
  const used = fields.filter(
    (info) =>
      info.used && info.kind !== "date" && info.kind !== "number" && !(hidden && PERSONAL.has(info.field)),
  );
  const [field, setField] = useState<Field>(
    used.find((info) => info.field === "family_name")?.field ?? used[0]?.field ?? "family_name",
  );
  const groups = useQuery({
    queryKey: [...keys.fix(importId), "spellings", field],
    queryFn: () => api.spellings(importId, field),
  });
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Values that look like one value written in several ways. Merging is a step that you can undo.
      </Text>
      <Select
        label="Field"
        data={used.map((info) => ({ value: info.field, label: info.label }))}
        value={field}
        onChange={(value) => value && setField(value as Field)}
        data-testid="spellings-field"
        data-autofocus
      />
      <ErrorNotice error={groups.error} retry={() => groups.refetch()} />
      <ErrorNotice error={operations.error} />
      {groups.isPending && <Skeleton height={160} aria-hidden="true" />}
      {groups.data?.length === 0 && (
        <EmptyState icon={<IconCheck size={26} />} title="No near spellings">
          Every value of this field is written in one way.
        </EmptyState>
      )}
      <ul className={classes.steps} aria-label="Groups of near spellings" style={{ marginTop: 0 }}>
        {groups.data?.map((group) => (
          <Spellings
            key={`${field}:${group.values.map(({ value, rows }) => `${value}/${rows}`).join()}`}
            group={group}
            field={field}
            operations={operations}
          />
        ))}
      </ul>
    </Stack>
  );
}

/** Near spellings of a field's values, merged as a rule. */
export function SpellingsDialog({ opened, onClose, ...rest }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Merge near spellings" size="lg">
      <Groups {...rest} />
    </Modal>
  );
}
