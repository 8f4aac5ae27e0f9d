import { Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useEffect, useRef } from "react";
import {
  type DecideInput,
  type FieldGroup,
  type PersonGroup,
  type Thresholds,
  useApi,
  type Verdict,
} from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { asUserError } from "../../components/errors";
import { keys } from "../../components/queryKeys";
import { type Seen, sameRecords } from "./findGroup";
import { OpenedGroup } from "./OpenedGroup";
import classes from "./People.module.css";

/** What the bar below says of the open group. */
export type BarState = { label: string; reason: string | null; many: boolean };
/** What the bar below does with the open group. */
export type Lent = { decide: (verdict: Verdict) => void; exclude: () => void };

export type GroupProps = {
  importId: number;
  /** its number and its records: what is shown and decided is about these records, whatever the number is meanwhile */
  target: Seen;
  thresholds: Thresholds;
  /** fields that move together */
  together: FieldGroup[];
  /** whether keys are taken: not while a dialog is open */
  keysOn: boolean;
  /** what the bar's buttons do; null while the group is fetched */
  lent: RefObject<Lent | null>;
  onBar: (bar: BarState | null) => void;
  onDecide: (input: DecideInput, group: PersonGroup) => void;
  /** the group is not there any more, or its number is another group's: what the person saw */
  onMoved: (seen: Seen) => void;
  onSay: (words: string) => void;
};

/** The open group. What is chosen in it goes with it. */
export function GroupPanel(props: GroupProps) {
  const api = useApi();
  const { importId, target, onMoved } = props;
  // Whether the table had the focus when the group before was left.
  const takeFocus = useRef(false);
  const opened = useQuery({
    queryKey: [...keys.peopleGroup(importId), target.group],
    queryFn: () => api.peopleGroup(importId, target.group),
    staleTime: 10_000,
  });
  const { data, error, isFetching } = opened;
  const fits = data !== undefined && sameRecords(data.records, target.records);
  const isGone = error !== null && asUserError(error).code === "not_found";
  const moved = !isFetching && (isGone || (data !== undefined && !fits));
  useEffect(() => {
    if (moved) onMoved(target);
  }, [moved, onMoved, target]);
  if (fits && !isGone) {
    const key = `${data.kind} ${data.records.map(({ record }) => record).join()}`;
    return <OpenedGroup key={key} {...props} opened={data} takeFocus={takeFocus} />;
  }
  return (
    <div className={classes.opened}>
      {error && !isGone ? (
        <ErrorNotice error={error} retry={() => opened.refetch()} />
      ) : (
        <Stack aria-hidden="true">
          <Skeleton height={30} width="60%" />
          <Skeleton height={260} />
        </Stack>
      )}
    </div>
  );
}
