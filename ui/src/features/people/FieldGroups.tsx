import { ActionIcon, Button, Group, MultiSelect, Select, Stack } from "@mantine/core";
import type { Field, FieldGroup, GroupBlanks } from "../../api";
import { IconPlus, IconTrash } from "../../components/icons";
import { TARGET_LABELS } from "../../components/labels";
import classes from "./Dialogs.module.css";
import type { Settings } from "./survivorship";
import { OF_PERSON } from "./words";

const BLANKS: { value: GroupBlanks; label: string }[] = [
  { value: "fill", label: "Blanks are filled from any record" },
  { value: "fill_from_agreeing", label: "Blanks are filled from records that agree" },
  { value: "keep", label: "Blanks stay blank" },
];

type Props = { settings: Settings; onChange: (settings: Settings) => void };

/** Fields that are taken from one record together. */
export function FieldGroups({ settings, onChange }: Props) {
  const { groups } = settings;
  const set = (at: number, group: FieldGroup | null) =>
    onChange({
      ...settings,
      groups: groups.flatMap((known, index) => (index === at ? (group ?? []) : known)),
    });
  return (
    <Stack gap="sm">
      {groups.map((group, at) => (
        // A group has no name: its place is what it is known by.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <div key={at} className={classes.fieldGroup} data-testid={`field-group-${at}`}>
          <Group align="flex-start" wrap="nowrap" gap="xs">
            <MultiSelect
              size="xs"
              flex={1}
              aria-label={`Fields of group ${at + 1}; the first one leads`}
              data={OF_PERSON.map((field) => ({ value: field, label: TARGET_LABELS[field] }))}
              value={group.fields}
              onChange={(fields) => set(at, { ...group, fields: fields as Field[] })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove group ${at + 1}`}
              onClick={() => set(at, null)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
          <Select
            size="xs"
            mt={6}
            aria-label={`Blanks of group ${at + 1}`}
            data={BLANKS}
            value={group.blanks ?? "fill"}
            onChange={(blanks) => blanks && set(at, { ...group, blanks: blanks as GroupBlanks })}
          />
        </div>
      ))}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={15} />}
        onClick={() => onChange({ ...settings, groups: [...groups, { fields: [], blanks: "fill" }] })}
        style={{ alignSelf: "flex-start" }}
        data-testid="add-field-group"
      >
        Another group
      </Button>
    </Stack>
  );
}
