import { Alert, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useEffect, useRef, useState } from "react";
import { type DecideInput, type PersonGroup, type Thresholds, useApi, type Verdict } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { moment } from "../../components/format";
import { IconHistory } from "../../components/icons";
import { PERSONAL, TARGET_LABELS } from "../../components/labels";
import { Private, usePrivacy } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import { CompanyConflict } from "./CompanyConflict";
import { CompareTable } from "./CompareTable";
import { valuesOf } from "./compare";
import { FieldDetail } from "./FieldDetail";
import classes from "./People.module.css";
import { useDraft } from "./useDraft";
import { excludeRecord, useGroupKeys } from "./useGroupKeys";
import { Why } from "./Why";
import { likely } from "./words";

/** What the bar below says of the open group. */
export type BarState = { label: string; reason: string | null; many: boolean };
export type Lent = { decide: (verdict: Verdict) => void; exclude: () => void };

type Props = {
  importId: number;
  group: number;
  thresholds: Thresholds;
  /** whether keys are taken: not while a dialog is open */
  keysOn: boolean;
  /** what the bar's buttons do; null while the group is fetched */
  lent: RefObject<Lent | null>;
  onBar: (bar: BarState | null) => void;
  onDecide: (input: DecideInput, group: PersonGroup) => void;
  onSay: (words: string) => void;
};

/** The open group. What is chosen in it goes with it. */
export function GroupPanel(props: Props) {
  const api = useApi();
  const { importId, group } = props;
  // Whether the table had the focus when the group before was left.
  const takeFocus = useRef(false);
  const opened = useQuery({
    queryKey: [...keys.peopleGroup(importId), group],
    queryFn: () => api.peopleGroup(importId, group),
    staleTime: 10_000,
  });
  if (opened.data)
    return (
      <Opened key={`${group} ${opened.data.kind}`} {...props} opened={opened.data} takeFocus={takeFocus} />
    );
  return (
    <div className={classes.opened}>
      {opened.error ? (
        <ErrorNotice error={opened.error} retry={() => opened.refetch()} />
      ) : (
        <Stack aria-hidden="true">
          <Skeleton height={30} width="60%" />
          <Skeleton height={260} />
        </Stack>
      )}
    </div>
  );
}

function Notes({ group }: { group: PersonGroup }) {
  const { hidden } = usePrivacy();
  const [first] = group.changed;
  return (
    <>
      {first && (
        <Alert
          color="yellow"
          variant="light"
          icon={<IconHistory />}
          title="Decided before, and changed since"
          data-testid="changed-since"
        >
          {first.person} said “{first.verdict === "same" ? "same person" : "different people"}” on{" "}
          {moment(first.decided)}. Since then{" "}
          {group.changed.map((change, at) => (
            <span key={`${change.record} ${change.field}`}>
              {at > 0 && "; "}
              {TARGET_LABELS[change.field].toLowerCase()} of record{" "}
              {group.records.findIndex(({ record }) => record === change.record) + 1} became{" "}
              {change.after === null ? "blank" : <Private value={change.after} field={change.field} />} (was{" "}
              {change.before === null ? "blank" : <Private value={change.before} field={change.field} />})
            </span>
          ))}
          .
        </Alert>
      )}
      {group.decisions.map((decision) => (
        <Text key={`${decision.id} ${decision.decided}`} size="sm" c="dimmed" data-testid="group-decision">
          Decided by {decision.person}, {moment(decision.decided)}
          {!hidden && `: ${decision.label}`}
        </Text>
      ))}
    </>
  );
}

/** Lends the open group's decision to the bar below, which stays when the group changes. */
function useBar({ lent, onBar }: Props, bar: BarState, actions: Lent) {
  const { label, reason, many } = bar;
  useEffect(() => {
    lent.current = actions;
    return () => {
      lent.current = null;
    };
  });
  useEffect(() => onBar({ label, reason, many }), [onBar, label, reason, many]);
  useEffect(() => () => onBar(null), [onBar]);
}

/** What S does: "Same, without 3". */
function labelOf(group: PersonGroup, excluded: readonly number[]): string {
  if (excluded.length > 0) {
    const out = group.records.flatMap(({ record }, at) => (excluded.includes(record) ? [at + 1] : []));
    return `Same, without ${out.join(", ")}`;
  }
  return group.kind === "conflicts" ? "Save the choice" : "Same person";
}

type OpenedProps = Props & { opened: PersonGroup; takeFocus: RefObject<boolean> };

function Opened({ opened: group, takeFocus, ...props }: OpenedProps) {
  const { hidden } = usePrivacy();
  const draft = useDraft(group);
  const [typing, setTyping] = useState(false);
  const why = useRef<HTMLElement>(null);
  const center = useRef<HTMLDivElement>(null);
  const { open, rows, field } = draft;
  const [first] = open;
  const numbers = group.records.length > 2 ? "a number" : "1 or 2";
  const reason = first ? `Choose the ${TARGET_LABELS[first].toLowerCase()} first: press ${numbers}.` : null;
  const focusRow = (at: number | null = null) => {
    // After the render that marks the row.
    requestAnimationFrame(() => {
      const row = center.current?.querySelector('tr[data-current="true"]');
      row?.scrollIntoView({ block: "nearest" });
      const value = at === null ? '[tabindex="0"][data-value]' : `[data-value="${at + 1}"]`;
      (row?.querySelector<HTMLElement>(value) ?? row?.querySelector<HTMLElement>("[data-value]"))?.focus();
    });
  };
  const decide = (verdict: Verdict) => {
    if (verdict === "same" && first) {
      draft.mark(first);
      focusRow();
      return props.onSay(reason ?? "");
    }
    const kept = group.records.length - draft.draft.excluded.length;
    if (verdict === "same" && kept < 2)
      return props.onSay("Only one record is left: press D if all are different people.");
    takeFocus.current = center.current?.querySelector("table")?.contains(document.activeElement) ?? false;
    const isSame = verdict === "same";
    const input: DecideInput = {
      group: group.group,
      verdict,
      excluded: isSame ? [...draft.draft.excluded] : [],
      values: isSame ? valuesOf(draft.draft) : [],
    };
    props.onDecide(input, group);
  };
  const label = labelOf(group, draft.draft.excluded);

  const startTyping = () => {
    if (hidden && field && PERSONAL.has(field)) return props.onSay("Show personal data to type a value.");
    setTyping(true);
  };
  const keysOf = { group, draft, decide, focusRow, onTyping: startTyping, onSay: props.onSay, why };
  useGroupKeys(props.keysOn && !typing, keysOf);
  const many = group.records.length > 2;
  useBar(props, { label, reason, many }, { decide, exclude: () => excludeRecord(keysOf, null) });
  const doubtful = group.pairs.at(-1);
  return (
    <div className={classes.opened} ref={center}>
      <div className={classes.question}>
        <Title order={2} data-testid="question">
          {group.asked.question}
        </Title>
        {doubtful && !doubtful.same_key && (
          <span className={classes.sure}>{likely(doubtful.probability)}</span>
        )}
      </div>
      {doubtful && (
        <Text size="sm" c="dimmed" data-testid="sentence">
          {doubtful.sentence}
        </Text>
      )}
      <Notes group={group} />
      <CompanyConflict
        group={group}
        row={rows.find((row) => row.field === "company")}
        draft={draft.draft}
        onPick={(value) => draft.pick("company", value)}
      />
      <CompareTable
        group={group}
        rows={rows}
        draft={draft.draft}
        field={field}
        typing={typing}
        takeFocus={takeFocus.current}
        onField={draft.mark}
        onPick={draft.pick}
        onMoveField={(by) => {
          draft.moveField(by);
          focusRow();
        }}
        onExclude={draft.exclude}
        onTyping={(next) => {
          setTyping(next);
          if (!next) focusRow();
        }}
      />
      <FieldDetail group={group} row={draft.row} />
      <Why key={group.group} group={group} thresholds={props.thresholds} focusRef={why} />
    </div>
  );
}
