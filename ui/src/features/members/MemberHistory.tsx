import { Anchor, Stack, Text, Timeline } from "@mantine/core";
import type { Field, FieldChange, HistoryEntry, MemberEvent, SourceView } from "../../api";
import { moment } from "../../components/format";
import { IconFile, IconPencil, IconPlus, IconRestore, IconTrash } from "../../components/icons";
import { TARGET_LABELS } from "../../components/labels";
import { Private } from "../../components/privacy";
import classes from "./Members.module.css";

const EVENTS: Record<MemberEvent, string> = {
  added: "Added",
  changed: "Changed",
  removed: "Deleted",
  brought_back: "Brought back",
};
const ICONS: Record<MemberEvent, typeof IconPlus> = {
  added: IconPlus,
  changed: IconPencil,
  removed: IconTrash,
  brought_back: IconRestore,
};

function how(entry: HistoryEntry): string {
  if (entry.kind === "push") return `by push ${entry.entry} of ${entry.import_name || "an import"}`;
  if (entry.kind === "undo") return `by undoing entry ${entry.undoes}`;
  if (entry.kind === "merge") return `by a merge (entry ${entry.entry})`;
  if (entry.kind === "unmerge") return `by an un-merge (entry ${entry.entry})`;
  return `by hand (entry ${entry.entry})`;
}

function Value({ text, field }: { text: string | null; field: Field | null }) {
  if (text === null)
    return (
      <Text span c="dimmed" size="sm" inherit>
        (blank)
      </Text>
    );
  return <Private value={text} field={field} />;
}

/** A field before and after. */
export function Change({ change }: { change: FieldChange }) {
  const label = change.field ? TARGET_LABELS[change.field] : "Membership";
  return (
    <div className={classes.change}>
      <span>
        {label}
        {change.club ? ` · ${change.club}` : ""}:
      </span>
      <del>
        <Value text={change.before} field={change.field} />
      </del>
      <span aria-hidden="true">→</span>
      <span className="visually-hidden">became</span>
      <ins>
        <Value text={change.after} field={change.field} />
      </ins>
    </div>
  );
}

/** What happened to a member, newest first. */
export function MemberHistory({ history }: { history: HistoryEntry[] }) {
  return (
    <Timeline bulletSize={26} lineWidth={2} active={history.length} data-testid="member-history">
      {history.map((entry) => {
        const Icon = ICONS[entry.event];
        return (
          <Timeline.Item
            key={entry.entry}
            bullet={<Icon size={14} />}
            title={`${EVENTS[entry.event]} ${how(entry)}`}
            data-testid={`history-${entry.entry}`}
          >
            <Text size="xs" c="dimmed">
              {entry.person}, {moment(entry.at)}
              {entry.undone ? ` · undone ${moment(entry.undone)}` : ""}
            </Text>
            <Stack gap={2} mt={4}>
              {entry.changes.map((change) => (
                <Change key={`${change.field}${change.club}${change.before}`} change={change} />
              ))}
            </Stack>
          </Timeline.Item>
        );
      })}
    </Timeline>
  );
}

/** The rows of lists that a member comes from. */
export function MemberSources({ sources }: { sources: SourceView[] }) {
  if (sources.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No list: this member was typed in.
      </Text>
    );
  }
  return (
    <Stack gap="xs" data-testid="member-sources">
      {sources.map((source) => (
        <div key={`${source.push} ${source.sha256} ${source.line}`} className={classes.card}>
          <Text size="sm" fw={600}>
            <IconFile size={14} style={{ verticalAlign: "-2px", marginRight: 6 }} />
            {source.file}, line {source.line}
          </Text>
          <Text size="xs" c="dimmed">
            {source.club} ·{" "}
            <Anchor inherit href="#/history">
              push {source.push}
            </Anchor>{" "}
            of {source.import_name} by {source.person}, {moment(source.pushed)}
          </Text>
          {source.rules.length > 0 && (
            <Text size="xs" mt={4}>
              Was refused at first ({source.rules.join(", ").replaceAll("_", " ")}), then fixed.
            </Text>
          )}
          <Text size="xs" c="dimmed" mt={4} className="one-line" title={`SHA-256 ${source.sha256}`}>
            File SHA-256 {source.sha256.slice(0, 12)}…
          </Text>
        </div>
      ))}
    </Stack>
  );
}
