import { ActionIcon, Group, Menu, Paper, Table, Text, UnstyledButton } from "@mantine/core";
import type { ImportSummary } from "../../api";
import { count, moment, plural } from "../../components/format";
import { IconDots, IconPencil, IconTrash } from "../../components/icons";
import { STEPS } from "../../components/labels";
import { Pill } from "../../components/Pill";
import classes from "./ImportTable.module.css";

type RowActions = {
  onOpen: (id: number) => void;
  onRename: (target: ImportSummary) => void;
  onDelete: (target: ImportSummary) => void;
};

function Counts({ summary }: { summary: ImportSummary }) {
  const { counts } = summary;
  if (!counts) {
    return (
      <Text size="sm" c="dimmed">
        Not checked yet
      </Text>
    );
  }
  return (
    <Group gap={6} wrap="nowrap">
      <Pill tone="good">{count(counts.clean)} clean</Pill>
      {counts.suspect > 0 && <Pill tone="warning">{count(counts.suspect)} suspect</Pill>}
      {counts.rejected > 0 && <Pill tone="error">{count(counts.rejected)} rejected</Pill>}
    </Group>
  );
}

function RowMenu({ summary, onRename, onDelete }: { summary: ImportSummary } & Omit<RowActions, "onOpen">) {
  return (
    <Menu position="bottom-end" width={160}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`More for ${summary.name}`}
          data-testid={`import-menu-${summary.id}`}
        >
          <IconDots />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => onRename(summary)}>
          Rename…
        </Menu.Item>
        <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={() => onDelete(summary)}>
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function ImportRow({ summary, onOpen, ...actions }: { summary: ImportSummary } & RowActions) {
  const { files } = summary;
  return (
    <Table.Tr data-testid={`import-${summary.id}`}>
      <Table.Td className={classes.name}>
        <UnstyledButton
          className={classes.open}
          onClick={() => onOpen(summary.id)}
          data-testid={`import-open-${summary.id}`}
        >
          <Text fw={600} className="one-line">
            {summary.name}
          </Text>
          <Text size="xs" c="dimmed">
            At {STEPS.find(({ step }) => step === summary.step)?.label}
          </Text>
        </UnstyledButton>
      </Table.Td>
      <Table.Td className={classes.files}>
        <Text size="sm">{files.length === 0 ? "No files yet" : plural(files.length, "file")}</Text>
        <Text size="xs" c="dimmed" className="one-line" title={files.join(", ")}>
          {files.join(", ")}
        </Text>
      </Table.Td>
      <Table.Td>
        <Counts summary={summary} />
      </Table.Td>
      <Table.Td className={classes.date}>{moment(summary.updated)}</Table.Td>
      <Table.Td className={classes.date}>
        {summary.pushed ? (
          moment(summary.pushed)
        ) : (
          <Text size="sm" c="dimmed">
            Not yet
          </Text>
        )}
      </Table.Td>
      <Table.Td w={52}>
        <RowMenu summary={summary} {...actions} />
      </Table.Td>
    </Table.Tr>
  );
}

/** The imports, newest first. */
export function ImportTable({ imports, ...actions }: { imports: ImportSummary[] } & RowActions) {
  return (
    <Paper withBorder className={classes.frame}>
      <Table highlightOnHover verticalSpacing="sm" horizontalSpacing="md" aria-label="Imports">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Files</Table.Th>
            <Table.Th>Rows</Table.Th>
            <Table.Th>Last changed</Table.Th>
            <Table.Th>Pushed</Table.Th>
            <Table.Th>
              <span className="visually-hidden">More</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {imports.map((summary) => (
            <ImportRow key={summary.id} summary={summary} {...actions} />
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
