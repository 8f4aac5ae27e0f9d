import { Text, Title } from "@mantine/core";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { DecideInput, PersonGroup, Verdict } from "../../api";
import { PERSONAL, TARGET_LABELS } from "../../components/labels";
import { usePrivacy } from "../../components/privacy";
import { CompanyConflict } from "./CompanyConflict";
import { CompareTable } from "./CompareTable";
import { valuesOf, weakestLink } from "./compare";
import { FieldDetail } from "./FieldDetail";
import type { BarState, GroupProps, Lent } from "./GroupPanel";
import { Notes } from "./Notes";
import classes from "./People.module.css";
import { type DraftState, useDraft } from "./useDraft";
import { excludeRecord, useGroupKeys } from "./useGroupKeys";
import { Why } from "./Why";
import { likely } from "./words";

/** Lends the open group's decision to the bar below, which stays when the group changes. */
function useBar({ lent, onBar }: GroupProps, bar: BarState, actions: Lent) {
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

/** What has to be chosen before the records can be one person. */
function reasonOf(group: PersonGroup, draft: DraftState): string | null {
  const [first] = draft.open;
  const numbers = group.records.length > 2 ? "a number" : "1 or 2";
  return first ? `Choose the ${TARGET_LABELS[first].toLowerCase()} first: press ${numbers}.` : null;
}

function inputOf(group: PersonGroup, verdict: Verdict, { draft }: DraftState): DecideInput {
  const isSame = verdict === "same";
  return {
    group: group.group,
    verdict,
    excluded: isSame ? [...draft.excluded] : [],
    values: isSame ? valuesOf(draft) : [],
  };
}

/** Puts the focus on the marked row, after the render that marks it: on the taken value, or on that of a record. */
function focusRow(center: HTMLElement | null, at: number | null) {
  requestAnimationFrame(() => {
    const row = center?.querySelector('tr[data-current="true"]');
    row?.scrollIntoView({ block: "nearest" });
    const value = at === null ? '[tabindex="0"][data-value]' : `[data-value="${at + 1}"]`;
    (row?.querySelector<HTMLElement>(value) ?? row?.querySelector<HTMLElement>("[data-value]"))?.focus();
  });
}

/** When the group is left with the focus in its table, the next group's table takes it. */
function useTakeFocus(center: RefObject<HTMLElement | null>, takeFocus: RefObject<boolean>) {
  useLayoutEffect(() => {
    const panel = center.current;
    return () => {
      takeFocus.current = panel?.querySelector("table")?.contains(document.activeElement) ?? false;
    };
  }, [center, takeFocus]);
}

type Props = GroupProps & { opened: PersonGroup; takeFocus: RefObject<boolean> };

/** The open group's state, and what the keys and the bar do with it. */
function useOpened({ opened: group, ...props }: Omit<Props, "takeFocus">) {
  const { hidden } = usePrivacy();
  const draft = useDraft(group, props.together);
  const [typing, setTyping] = useState(false);
  const why = useRef<HTMLElement>(null);
  const center = useRef<HTMLDivElement>(null);
  const reason = reasonOf(group, draft);
  const focus = (at: number | null = null) => focusRow(center.current, at);
  const decide = (verdict: Verdict) => {
    const [first] = draft.open;
    const kept = group.records.length - draft.draft.excluded.length;
    if (verdict === "same" && first) {
      draft.mark(first);
      focus();
      return props.onSay(reason ?? "");
    }
    if (verdict === "same" && kept < 2)
      return props.onSay("Only one record is left: press D if all are different people.");
    props.onDecide(inputOf(group, verdict, draft), group);
  };
  const onTyping = () => {
    if (hidden && draft.field && PERSONAL.has(draft.field))
      return props.onSay("Show personal data to type a value.");
    setTyping(true);
  };
  const keysOf = { group, draft, decide, focusRow: focus, onTyping, onSay: props.onSay, why };
  useGroupKeys(props.keysOn && !typing, keysOf);
  const bar = { label: labelOf(group, draft.draft.excluded), reason, many: group.records.length > 2 };
  useBar(props, bar, { decide, exclude: () => excludeRecord(keysOf, null) });
  return { draft, typing, setTyping, focus, why, center };
}

function Question({ group }: { group: PersonGroup }) {
  const doubtful = weakestLink(group);
  return (
    <>
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
    </>
  );
}

/** A group side by side, with what is to settle in it and the reasons. */
export function OpenedGroup({ takeFocus, ...props }: Props) {
  const { opened: group, thresholds } = props;
  const { draft, typing, setTyping, focus, why, center } = useOpened(props);
  useTakeFocus(center, takeFocus);
  return (
    <div className={classes.opened} ref={center}>
      <Question group={group} />
      <Notes group={group} />
      <CompanyConflict
        group={group}
        row={draft.rows.find((row) => row.field === "company")}
        draft={draft.draft}
        onPick={(value) => draft.pick("company", value)}
      />
      <CompareTable
        group={group}
        rows={draft.rows}
        draft={draft.draft}
        field={draft.field}
        typing={typing}
        takeFocus={takeFocus.current}
        onField={draft.mark}
        onPick={draft.pick}
        onMoveField={(by) => {
          draft.moveField(by);
          focus();
        }}
        onExclude={draft.exclude}
        onTyping={(next) => {
          setTyping(next);
          if (!next) focus();
        }}
      />
      <FieldDetail group={group} row={draft.row} />
      <Why group={group} thresholds={thresholds} focusRef={why} />
    </div>
  );
}
