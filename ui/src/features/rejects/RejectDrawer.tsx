import { Alert, Button, Drawer, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type FoundRule, type RejectView, type ReplayChoice, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { count, moment } from "../../components/format";
import { IconCheck, IconInfo } from "../../components/icons";
import { LevelIcon } from "../../components/LevelIcon";
import { Private } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import { CellForm } from "./CellForm";
import classes from "./Rejects.module.css";
import { useDismiss } from "./useDismiss";

/** A reason in words, with what to do about it. */
export function Reason({ reason }: { reason: FoundRule }) {
  return (
    <div className={classes.issue}>
      <LevelIcon level={reason.error ? "error" : "warning"} />
      <span>
        <b>{reason.label}.</b> {reason.help}
      </span>
    </div>
  );
}

type Said = { color: string; icon: ReactNode; text: ReactNode };

function saidOf(view: RejectView): Said | null {
  if (view.state === "replayed") {
    const text = (
      <>
        {view.outcome ? `${view.outcome.label}. ` : ""}Taken in by push #{view.replayed_by}. Undo that push in
        the <a href="#/history">History</a> to open the row again.
      </>
    );
    return { color: "green", icon: <IconCheck />, text };
  }
  if (view.state === "dismissed") {
    const when = view.dismissed ? ` on ${moment(view.dismissed)}` : "";
    return {
      color: "gray",
      icon: <IconInfo />,
      text: `Dismissed${when}: the row is put away and not replayed.`,
    };
  }
  if (!view.replayable) {
    const text =
      "An earlier version of Muster refused this row and did not keep how its file was read. " +
      "Import the file again and fix the row there.";
    return { color: "yellow", icon: <IconInfo />, text };
  }
  if (view.class === "clean" && view.fixed) {
    const text = "Nothing is wrong with the row any more. Replay it to push it.";
    return { color: "green", icon: <IconCheck />, text };
  }
  return null;
}

/** Where the row goes as it stands. */
function Verdict({ view }: { view: RejectView }) {
  const said = saidOf(view);
  if (!said) return null;
  return (
    <Alert color={said.color} variant="light" icon={said.icon}>
      <Text size="sm" data-testid="reject-verdict">
        {said.text}
      </Text>
    </Alert>
  );
}

function Facts({ view }: { view: RejectView }) {
  return (
    <Stack gap={6}>
      <Text size="sm" c="dimmed">
        {view.source}. Refused by push #{view.push}, {view.import_name}, on {moment(view.refused)}.
      </Text>
      <Title order={3} mt="xs">
        The line as it came
      </Title>
      <pre className={classes.raw} data-testid="reject-raw">
        <Private value={view.raw_line} />
      </pre>
    </Stack>
  );
}

type ViewProps = { view: RejectView; onReplay: (choice: ReplayChoice) => void; onClose: () => void };

function Row({ view, onReplay, onClose }: ViewProps) {
  const dismiss = useDismiss();
  const open = view.state === "open";
  // What the last replay said of a row comes before its rules, unless it was taken in.
  const reasons = [...(open && view.outcome ? [view.outcome] : []), ...view.issues];
  return (
    <Stack>
      <Facts view={view} />
      <Verdict view={view} />
      {reasons.length > 0 && view.state !== "replayed" && (
        <Stack gap={6} data-testid="reject-issues">
          {reasons.map((reason) => (
            <Reason key={reason.rule} reason={reason} />
          ))}
        </Stack>
      )}
      <CellForm
        key={view.version}
        view={view}
        onReplay={() => onReplay({ ids: [view.id], all_fixed: false, mode: null })}
        onDismiss={() => dismiss.mutate({ view, dismissed: true }, { onSuccess: onClose })}
      />
      <ErrorNotice error={dismiss.failure} />
      {view.state === "dismissed" && (
        <Group>
          <Button
            variant="default"
            loading={dismiss.isPending}
            onClick={() => dismiss.mutate({ view, dismissed: false })}
            data-testid="reject-restore"
          >
            Take the dismissal back
          </Button>
        </Group>
      )}
    </Stack>
  );
}

type Props = { id: number; onClose: () => void; onReplay: (choice: ReplayChoice) => void };

/** A row of the inbox as it came and as it stands; from here it is fixed, dismissed and replayed. */
export function RejectDrawer({ id, onClose, onReplay }: Props) {
  const api = useApi();
  const row = useQuery({ queryKey: keys.reject(id), queryFn: () => api.rejectShow(id), staleTime: 0 });
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={620}
      title={row.data ? `Line ${count(row.data.line)} of ${row.data.file}` : "Refused row"}
      closeOnClickOutside={false}
      data-testid="reject-drawer"
    >
      <ErrorNotice error={row.error} retry={() => row.refetch()} />
      {row.isPending && <Skeleton height={260} aria-hidden="true" />}
      {row.data && <Row view={row.data} onReplay={onReplay} onClose={onClose} />}
    </Drawer>
  );
}
