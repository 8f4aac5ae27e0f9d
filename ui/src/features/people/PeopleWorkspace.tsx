import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import {
  type PeopleView,
  type QueueItem,
  type QueueKind,
  type QueueQuery,
  useApi,
  type Verdict,
} from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { plural } from "../../components/format";
import { IconMerge } from "../../components/icons";
import { ProgressPanel } from "../../components/ProgressPanel";
import { usePrivacy } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import { ActionBar } from "./ActionBar";
import { BulkDialog } from "./BulkDialog";
import { DecisionsDrawer } from "./DecisionsDrawer";
import { Filters } from "./Filters";
import { type BarState, GroupPanel, type Lent } from "./GroupPanel";
import { type Dialog, Head } from "./Head";
import { KeysDialog } from "./KeysDialog";
import { Nothing } from "./Nothing";
import classes from "./People.module.css";
import { QueueList } from "./QueueList";
import { RulesDrawer } from "./RulesDrawer";
import { ThresholdDialog } from "./ThresholdDialog";
import { type Failed, useDecisions } from "./useDecisions";
import type { Matching } from "./useMatching";
import { usePeopleActions } from "./usePeopleActions";
import { type Queue, useQueue } from "./useQueue";
import { useShortcuts } from "./useShortcuts";
import { ANY, firstKind, isNarrowed, KINDS, namesOf } from "./words";

const SAID: Record<Verdict, string> = {
  same: "Same person",
  different: "Different people",
  later: "Put off",
};

/** Which group is open, and the ways from it to others. Groups just decided are passed over. */
function useOpenGroup(queue: Queue, at: number, setAt: (at: number) => void, settled: ReadonlySet<number>) {
  const [chosen, setChosen] = useState<number | null>(null);
  const places = [...queue.loaded].sort(([a], [b]) => a - b).filter(([, item]) => !settled.has(item.group));
  // While the page of a far place is fetched, no other group is opened in its stead.
  const isFetched = queue.loaded.has(at) || at >= (queue.total ?? 0);
  const first = (places.find(([place]) => place >= at) ?? places[0])?.[1].group ?? null;
  const group = chosen ?? (isFetched ? first : null);
  const place = group === null ? null : queue.placeOf(group);
  useEffect(() => {
    if (place !== null && place !== at) setAt(place);
  }, [place, at, setAt]);
  const here = place ?? at;
  /** The next one that is not decided; round to the first at the end. */
  const next = (): QueueItem | null => {
    const others = places.filter(([, item]) => item.group !== group);
    return (others.find(([other]) => other > here) ?? others[0])?.[1] ?? null;
  };
  const move = (by: number) => {
    const total = queue.total ?? 0;
    const to = Math.min(total - 1, Math.max(0, here + by));
    const item = queue.loaded.get(to);
    if (item) setChosen(item.group);
    // Far away: the page is fetched, and opens what is there.
    else if (total > 0) {
      setAt(to);
      setChosen(null);
    }
  };
  return {
    group,
    open: setChosen,
    next,
    move,
    item: place === null ? null : (queue.loaded.get(place) ?? null),
  };
}

/** Fetches the group that comes next, so that it is there at once. */
function usePrefetch(importId: number, group: number | null) {
  const api = useApi();
  const client = useQueryClient();
  useEffect(() => {
    if (group === null) return;
    client.prefetchQuery({
      queryKey: [...keys.peopleGroup(importId), group],
      queryFn: () => api.peopleGroup(importId, group),
      staleTime: 10_000,
    });
  }, [api, client, importId, group]);
}

type Props = { importId: number; people: PeopleView; matching: Matching; onPush: () => void };

/** The queue, the open group side by side, and the decision below. */
export function PeopleWorkspace({ importId, people, matching, onPush }: Props) {
  const { hidden } = usePrivacy();
  const [query, setQuery] = useState<QueueQuery>(() => ({ ...ANY, kind: firstKind(people.counts) }));
  const [at, setAt] = useState(0);
  const [said, setSaid] = useState("");
  const [failed, setFailed] = useState<Failed | null>(null);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [cleared, setCleared] = useState(0);
  const [bar, setBar] = useState<BarState | null>(null);
  const lent = useRef<Lent | null>(null);
  const queue = useQueue(importId, query, at);
  const nameOf = (item: QueueItem | null) => (!item || hidden ? "the next group" : namesOf(item));
  const change = (next: QueueQuery) => {
    setQuery(next);
    setAt(0);
    setSaid("");
    current.open(null);
  };
  const clear = (kind: QueueKind) => {
    change({ ...ANY, kind });
    // What is typed in the search goes, too.
    setCleared((times) => times + 1);
  };
  const decisions = useDecisions(importId, {
    onDecided: ({ words }, left) =>
      setSaid(`${words} ${left === 0 ? "Nothing is left to settle." : `${plural(left, "group")} left.`}`),
    onFailed: (failure) => {
      setFailed(failure);
      setSaid("The decision was not taken.");
      current.open(failure.group || null);
    },
    onUndone: ({ words, kind, group }) => {
      setSaid(`Taken back: ${words}`);
      if (kind !== query.kind && query.kind !== "all") setQuery({ ...ANY, kind });
      if (group !== null) current.open(group);
    },
    onNothing: () => setSaid("Nothing was decided here yet. Earlier decisions are under Decisions."),
  });
  const current = useOpenGroup(queue, at, setAt, decisions.settled);
  const next = current.next();
  usePrefetch(importId, next?.group ?? null);
  const goNext = () => (next ? current.open(next.group) : setSaid("There is no other group here."));
  useShortcuts(dialog === null, (key, event) => {
    if (key === "u") decisions.undo();
    else if (key === "n") goNext();
    else if (key === "j") current.move(1);
    else if (key === "k") current.move(-1);
    else if (key === "?") setDialog("keys");
    else if ((key === "arrowdown" || key === "arrowup") && event.target === document.body)
      current.move(key === "arrowdown" ? 1 : -1);
    else return false;
    return true;
  });
  const openDialog = useCallback((wanted: Dialog) => setDialog(wanted), []);
  usePeopleActions({ onDialog: openDialog, onUndo: decisions.undo, onMatch: matching.run });
  const close = () => setDialog(null);
  const kindLabel = KINDS.find(({ kind }) => kind === query.kind)?.label ?? "";
  return (
    <div className={classes.layout}>
      <Head
        people={people}
        kind={query.kind}
        matching={matching}
        onKind={(kind) => change({ ...query, kind })}
        onDialog={openDialog}
      />
      <section id="people-groups" role="tabpanel" aria-label={kindLabel} className={classes.body}>
        <div className={classes.side}>
          <Filters key={cleared} query={query} clubs={people.clubs} onQuery={change} />
          {queue.error !== null && (
            <div className={classes.notice}>
              <ErrorNotice error={queue.error} retry={() => queue.retry()} />
            </div>
          )}
          <QueueList
            queue={queue}
            group={current.group}
            at={at}
            label={`${kindLabel}: ${queue.total === null ? "groups" : plural(queue.total, "group")}`}
            onOpen={current.open}
            onMove={current.move}
          />
          {query.kind === "to_review" && queue.total !== null && queue.total > 0 && (
            <div className={classes.bulk}>
              <Button
                fullWidth
                size="xs"
                variant="default"
                leftSection={<IconMerge size={15} />}
                onClick={() => setDialog("bulk")}
                data-testid="open-bulk"
              >
                Merge the conflict-free…
              </Button>
            </div>
          )}
        </div>
        <div className={classes.center}>
          {failed && (
            <div className={classes.notice}>
              <ErrorNotice error={failed.error}>
                <Button size="xs" variant="default" onClick={() => setFailed(null)}>
                  Dismiss
                </Button>
              </ErrorNotice>
            </div>
          )}
          {current.group === null ? (
            <div className={classes.opened}>
              {queue.total === 0 && (
                <Nothing
                  counts={people.counts}
                  kind={query.kind}
                  narrowed={isNarrowed(query)}
                  onKind={(kind) => clear(kind)}
                  onClear={() => clear(query.kind)}
                  onPush={onPush}
                />
              )}
            </div>
          ) : (
            <GroupPanel
              importId={importId}
              group={current.group}
              thresholds={people.thresholds}
              keysOn={dialog === null}
              lent={lent}
              onBar={setBar}
              onSay={setSaid}
              onDecide={(input, group) => {
                setFailed(null);
                const more = next ? ` Next: ${nameOf(next)}.` : "";
                decisions.decide({ input, kind: group.kind, words: `${SAID[input.verdict]}.${more}` });
                current.open(next?.group ?? null);
              }}
            />
          )}
          <ActionBar
            same={bar}
            said={said}
            onSame={() => lent.current?.decide("same")}
            onDifferent={() => lent.current?.decide("different")}
            onLater={() => lent.current?.decide("later")}
            onExclude={bar?.many ? () => lent.current?.exclude() : null}
            onUndo={decisions.undo}
            onNext={goNext}
            onKeys={() => setDialog("keys")}
          />
        </div>
      </section>
      <KeysDialog opened={dialog === "keys"} onClose={close} />
      <BulkDialog
        importId={importId}
        query={query}
        opened={dialog === "bulk"}
        onClose={close}
        onMerged={(decision, words) => {
          decisions.remember({ decision, group: null, kind: "to_review", words });
          setSaid(words);
          current.open(null);
        }}
      />
      <ThresholdDialog
        importId={importId}
        people={people}
        opened={dialog === "thresholds"}
        onClose={close}
        onSay={setSaid}
      />
      <RulesDrawer importId={importId} opened={dialog === "rules"} onClose={close} onSay={setSaid} />
      <DecisionsDrawer
        importId={importId}
        opened={dialog === "decisions"}
        onClose={close}
        onReverted={(decision) => {
          decisions.forgetDecision(decision);
          setSaid("The decision was taken back.");
        }}
      />
      <ProgressPanel name={matching.job} title="Finding who is who" floating />
    </div>
  );
}
