import { Alert, Button, Group, Tabs, Text, Tooltip } from "@mantine/core";
import type { PeopleView, QueueKind } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { count } from "../../components/format";
import { IconAlert, IconHistory, IconList, IconRefresh, IconSliders } from "../../components/icons";
import classes from "./People.module.css";
import type { Matching } from "./useMatching";
import { countOf, KIND_HELP, KINDS, summaryOf } from "./words";

export type Dialog = "thresholds" | "rules" | "decisions" | "bulk" | "keys";

const TOOLS = [
  { dialog: "thresholds", label: "Thresholds", Icon: IconSliders },
  { dialog: "rules", label: "Rules", Icon: IconList },
  { dialog: "decisions", label: "Decisions", Icon: IconHistory },
] as const;

type Props = {
  people: PeopleView;
  kind: QueueKind;
  matching: Matching;
  onKind: (kind: QueueKind) => void;
  onDialog: (dialog: Dialog) => void;
};

function Stale({ people, matching }: Pick<Props, "people" | "matching">) {
  if (people.state !== "stale") return null;
  return (
    <Alert color="yellow" variant="light" icon={<IconAlert />} py={8} radius={0} data-testid="people-stale">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">
          <b>This may be out of date.</b> {people.stale}
        </Text>
        <Button size="xs" onClick={matching.run} loading={matching.busy} data-testid="match-again">
          Run again
        </Button>
      </Group>
    </Alert>
  );
}

/** What was found in a sentence, the tools, and the kinds of groups with their counts. */
export function Head({ people, kind, matching, onKind, onDialog }: Props) {
  const { counts } = people;
  return (
    <header className={classes.header}>
      <Stale people={people} matching={matching} />
      {matching.error !== null && (
        <div className={classes.notice}>
          <ErrorNotice error={matching.error} retry={matching.run} />
        </div>
      )}
      <div className={classes.summary}>
        <h1 className="visually-hidden">People</h1>
        <Text size="sm" className="numeric" data-testid="people-summary">
          {summaryOf(counts)}
        </Text>
        <Group gap={6} wrap="nowrap">
          {TOOLS.map(({ dialog, label, Icon }) => (
            <Button
              key={dialog}
              size="xs"
              variant="default"
              leftSection={<Icon size={15} />}
              onClick={() => onDialog(dialog)}
              data-testid={`open-${dialog}`}
            >
              {label}
            </Button>
          ))}
          {people.state !== "stale" && (
            <Tooltip label="Compare all records again">
              <Button
                size="xs"
                variant="default"
                leftSection={<IconRefresh size={15} />}
                onClick={matching.run}
                loading={matching.busy}
                data-testid="match-again"
              >
                Run again
              </Button>
            </Tooltip>
          )}
        </Group>
      </div>
      <Tabs
        value={kind}
        onChange={(value) => value && onKind(value as QueueKind)}
        activateTabWithKeyboard={false}
      >
        <Tabs.List className={classes.kinds} aria-label="Kinds of groups">
          {KINDS.map((one) => (
            <Tabs.Tab
              key={one.kind}
              value={one.kind}
              title={KIND_HELP[one.kind]}
              aria-controls="people-groups"
              data-testid={`kind-${one.kind}`}
            >
              {one.label} <span className={classes.kindCount}>{count(countOf(counts, one.kind))}</span>
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
    </header>
  );
}
