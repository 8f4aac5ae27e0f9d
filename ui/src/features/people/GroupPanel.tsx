import { Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useRef } from "react";
import { type DecideInput, type PersonGroup, type Thresholds, useApi, type Verdict } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { keys } from "../../components/queryKeys";
import { OpenedGroup } from "./OpenedGroup";
import classes from "./People.module.css";

/** What the bar below says of the open group. */
export type BarState = { label: string; reason: string | null; many: boolean };
/** What the bar below does with the open group. */
export type Lent = { decide: (verdict: Verdict) => void; exclude: () => void };

export type GroupProps = {
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
export function GroupPanel(props: GroupProps) {
  const api = useApi();
  const { importId, group } = props;
  // Whether the table had the focus when the group before was left.
  const takeFocus = useRef(false);
  const opened = useQuery({
    queryKey: [...keys.peopleGroup(importId), group],
    queryFn: () => api.peopleGroup(importId, group),
    staleTime: 10_000,
  });
  if (opened.data) {
    const key = `${group} ${opened.data.kind}`;
    return <OpenedGroup key={key} {...props} opened={opened.data} takeFocus={takeFocus} />;
  }
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
