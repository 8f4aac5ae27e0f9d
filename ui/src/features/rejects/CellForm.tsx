import { Button, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type RejectCell, type RejectView, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { asUserError } from "../../components/errors";
import { useJobMutation } from "../../components/jobs";
import { TARGET_LABELS } from "../../components/labels";
import { MASK, Private, useMask, usePrivacy } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import classes from "./Rejects.module.css";

/** "born (Birth date)", or only the header where the column is mapped to nothing. */
function labelOf(cell: RejectCell): string {
  return cell.target ? `${cell.header} (${TARGET_LABELS[cell.target]})` : cell.header;
}

function Was({ cell, value }: { cell: RejectCell; value: string }) {
  if (cell.original === value) return null;
  return (
    <Text span size="xs" className={classes.was}>
      It came as {cell.original === "" ? "nothing" : <Private value={cell.original} field={cell.target} />}
    </Text>
  );
}

function useSave(view: RejectView) {
  const api = useApi();
  const client = useQueryClient();
  return useJobMutation(
    "reject-fix",
    (cells: string[], job) => api.rejectFix(view.id, view.version, cells, job),
    (saved) => {
      client.setQueryData(keys.reject(view.id), saved);
      client.invalidateQueries({ queryKey: [...keys.rejects, "list"] });
    },
  );
}

type CellProps = {
  cell: RejectCell;
  at: number;
  value: string;
  locked: boolean;
  onChange: (text: string) => void;
};

function Cell({ cell, at, value, locked, onChange }: CellProps) {
  const mask = useMask();
  // What was typed since is not checked yet.
  const issues = value === cell.value ? cell.issues : [];
  const worst = issues.some((issue) => issue.error);
  const shown = mask(value, cell.target);
  return (
    <TextInput
      label={labelOf(cell)}
      description={<Was cell={cell} value={value} />}
      inputWrapperOrder={["label", "input", "description", "error"]}
      value={shown}
      readOnly={locked || shown === MASK}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={
        issues.length > 0 && (
          <span style={worst ? undefined : { color: "var(--m-warning)" }}>
            {issues.map((issue) => `${issue.label}. ${issue.help}`).join(" ")}
          </span>
        )
      }
      autoComplete="off"
      spellCheck={false}
      data-testid={`cell-${at}`}
    />
  );
}

type Props = { view: RejectView; onReplay: () => void; onDismiss: () => void };

/** The cells of a row, the faulty ones marked; Save checks them anew. */
export function CellForm({ view, onReplay, onDismiss }: Props) {
  const client = useQueryClient();
  const { hidden } = usePrivacy();
  const [texts, setTexts] = useState(() => view.cells.map((cell) => cell.value));
  const save = useSave(view);
  const open = view.state === "open" && view.replayable;
  const dirty = view.cells.some((cell, at) => cell.value !== texts[at]);
  const conflict = asUserError(save.failure).code === "refused";
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (open && !hidden) save.mutate(texts);
      }}
    >
      <Stack>
        <Title order={3}>Its cells</Title>
        {open && hidden && (
          <Text size="sm" c="dimmed">
            Show personal data to edit.
          </Text>
        )}
        <div className={classes.cells}>
          {view.cells.map((cell, at) => (
            <Cell
              key={cell.header}
              cell={cell}
              at={at}
              value={texts[at] ?? ""}
              locked={!open || hidden}
              onChange={(text) =>
                setTexts((before) => before.map((old, index) => (index === at ? text : old)))
              }
            />
          ))}
        </div>
        <ErrorNotice error={save.failure}>
          {conflict && (
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                save.reset();
                client.invalidateQueries({ queryKey: keys.reject(view.id) });
              }}
              data-testid="reject-reload"
            >
              Load the row again
            </Button>
          )}
        </ErrorNotice>
        {view.state === "open" && (
          <Group className={classes.foot} justify="space-between">
            <Button variant="default" onClick={onDismiss} data-testid="reject-dismiss">
              Dismiss
            </Button>
            <Group gap="sm">
              <Button
                type="submit"
                variant={view.class === "clean" && !dirty ? "default" : "filled"}
                disabled={!open || hidden || (!dirty && view.fixed)}
                loading={save.isPending}
                data-testid="reject-save"
              >
                Save
              </Button>
              <Button
                variant={view.class === "clean" && !dirty ? "filled" : "default"}
                disabled={!open || dirty}
                onClick={onReplay}
                data-testid="reject-replay"
              >
                Replay…
              </Button>
            </Group>
          </Group>
        )}
      </Stack>
    </form>
  );
}
