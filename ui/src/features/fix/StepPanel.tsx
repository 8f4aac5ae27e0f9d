import { ActionIcon, Button, Group, Skeleton, Text, Tooltip } from "@mantine/core";
import type { OperationView } from "../../api";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNotice } from "../../components/ErrorNotice";
import { plural } from "../../components/format";
import { IconAlert, IconList, IconRedo, IconUndo } from "../../components/icons";
import { usePrivacy } from "../../components/privacy";
import classes from "./Fix.module.css";
import type { Operations } from "./useOperations";

const KINDS: Record<OperationView["kind"], string> = {
  edit_cell: "Cell edited",
  replace_value: "Found and replaced",
  merge_values: "Values merged",
  map_value: "Value mapped",
  exclude_rows: "Rows excluded",
  restore_rows: "Rows restored",
  exclude_found: "Found rows excluded",
  restore_found: "Found rows restored",
};

function Operation({
  operation,
  busy,
  onUndo,
}: {
  operation: OperationView;
  busy: boolean;
  onUndo: () => void;
}) {
  const { hidden } = usePrivacy();
  // A step's label may quote names: while personal data is hidden only its kind is told.
  const label = hidden ? KINDS[operation.kind] : operation.label;
  return (
    <li className={classes.op} data-testid={`op-row-${operation.id}`}>
      <span className={classes.opLabel}>{label}</span>
      <Tooltip label="Undo this step; later ones stay">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Undo: ${label}`}
          disabled={busy}
          onClick={onUndo}
          data-testid={`op-undo-${operation.id}`}
        >
          <IconUndo size={17} />
        </ActionIcon>
      </Tooltip>
      <Text size="xs" c="dimmed" className="numeric">
        {plural(operation.rows, "row")}
      </Text>
      {operation.not_found > 0 && (
        <Text size="xs" c="var(--m-warning)" style={{ gridColumn: "1 / -1" }}>
          <IconAlert size={13} style={{ verticalAlign: "-2px" }} /> {plural(operation.not_found, "row")} no
          longer as when the step was made
        </Text>
      )}
    </li>
  );
}

/** What the person did, oldest first; any step can be undone. */
export function StepPanel({ operations }: { operations: Operations }) {
  const { list, busy } = operations;
  return (
    <>
      <Group gap={6} grow>
        <Button
          size="xs"
          px={4}
          variant="default"
          leftSection={<IconUndo size={15} />}
          disabled={busy || operations.operations.length === 0}
          onClick={operations.undoLast}
          data-testid="undo-last"
        >
          Undo last
        </Button>
        <Button
          size="xs"
          px={4}
          variant="default"
          leftSection={<IconRedo size={15} />}
          disabled={busy}
          onClick={operations.redo}
          data-testid="redo"
        >
          Redo
        </Button>
      </Group>
      <ErrorNotice error={list.error} retry={() => list.refetch()} />
      {list.isPending && <Skeleton height={120} mt="sm" aria-hidden="true" />}
      {list.data?.length === 0 && (
        <EmptyState icon={<IconList size={26} />} title="No steps yet">
          Every change you make is listed here, and each can be undone by itself.
        </EmptyState>
      )}
      <ol className={classes.steps} aria-label="Steps">
        {operations.operations.map((operation) => (
          <Operation
            key={operation.id}
            operation={operation}
            busy={busy}
            onUndo={() => operations.undo(operation.id)}
          />
        ))}
      </ol>
    </>
  );
}
