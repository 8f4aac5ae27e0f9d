import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import type { FieldGroup, PeopleView } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { ProgressPanel } from "../../components/ProgressPanel";
import { ActionBar } from "./ActionBar";
import { type BarState, GroupPanel, type Lent } from "./GroupPanel";
import { Head } from "./Head";
import { Nothing } from "./Nothing";
import classes from "./People.module.css";
import { PeopleDialogs } from "./PeopleDialogs";
import { QueuePanel } from "./QueuePanel";
import { Said } from "./Said";
import type { Matching } from "./useMatching";
import { usePeopleActions } from "./usePeopleActions";
import { usePeopleWork } from "./usePeopleWork";
import { isNarrowed, labelOf } from "./words";

type Props = { importId: number; people: PeopleView; matching: Matching; onPush: () => void };
const NO_GROUPS: FieldGroup[] = [];
type Work = ReturnType<typeof usePeopleWork>;

/** The open group, or why there is none, and the decision below it. */
function Center({ importId, people, onPush, work }: Omit<Props, "matching"> & { work: Work }) {
  const [bar, setBar] = useState<BarState | null>(null);
  const lent = useRef<Lent | null>(null);
  const { query, queue, failed, group } = work;
  return (
    <div className={classes.center}>
      {failed && (
        <div className={classes.notice}>
          <ErrorNotice error={failed.error}>
            <Button size="xs" variant="default" onClick={() => work.setFailed(null)}>
              Dismiss
            </Button>
          </ErrorNotice>
        </div>
      )}
      {group === null ? (
        <div className={classes.opened}>
          {queue.total === 0 && (
            <Nothing
              counts={people.counts}
              kind={query.kind}
              narrowed={isNarrowed(query)}
              onKind={work.clear}
              onClear={() => work.clear(query.kind)}
              onPush={onPush}
            />
          )}
        </div>
      ) : (
        <GroupPanel
          importId={importId}
          target={group}
          thresholds={people.thresholds}
          together={people.survivorship.groups ?? NO_GROUPS}
          keysOn={work.dialog === null}
          lent={lent}
          onBar={setBar}
          onSay={work.onSay}
          onDecide={work.decide}
          onMoved={work.reopen}
        />
      )}
      <ActionBar
        bar={bar}
        said={<Said said={work.said} />}
        onSame={() => lent.current?.decide("same")}
        onDifferent={() => lent.current?.decide("different")}
        onLater={() => lent.current?.decide("later")}
        onExclude={() => lent.current?.exclude()}
        onUndo={work.decisions.undo}
        onNext={work.goNext}
        onKeys={() => work.setDialog("keys")}
      />
    </div>
  );
}

/** The queue, the open group side by side, and the decision below. */
export function PeopleWorkspace({ importId, people, matching, onPush }: Props) {
  const work = usePeopleWork(importId, people);
  const { query, queue, decisions, setDialog } = work;
  usePeopleActions({ onDialog: setDialog, onUndo: decisions.undo, onMatch: matching.run });
  return (
    <div className={classes.layout}>
      <Head
        people={people}
        kind={query.kind}
        matching={matching}
        onKind={(kind) => work.change({ ...query, kind })}
        onDialog={setDialog}
      />
      <section id="people-groups" role="tabpanel" aria-label={labelOf(query.kind)} className={classes.body}>
        <QueuePanel
          query={query}
          queue={queue}
          clubs={people.clubs}
          group={work.group?.group ?? null}
          at={work.at}
          cleared={work.cleared}
          onQuery={work.change}
          onOpen={work.open}
          onMove={work.move}
          onBulk={() => setDialog("bulk")}
        />
        <Center importId={importId} people={people} onPush={onPush} work={work} />
      </section>
      <PeopleDialogs
        importId={importId}
        people={people}
        query={query}
        dialog={work.dialog}
        onClose={() => setDialog(null)}
        onSay={work.onSay}
        onMerged={(decision, words) => {
          decisions.remember({ decision, seen: null, words });
          work.onSay(words);
          work.open(null);
        }}
        onReverted={(decision) => {
          decisions.forgetDecision(decision);
          work.onSay("The decision was taken back.");
        }}
      />
      <ProgressPanel name={matching.job} title="Finding who is who" floating />
    </div>
  );
}
