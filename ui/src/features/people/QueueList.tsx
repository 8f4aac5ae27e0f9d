import { Skeleton } from "@mantine/core";
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { QueueItem } from "../../api";
import { IconClock, IconCompany } from "../../components/icons";
import { Private, useMask } from "../../components/privacy";
import classes from "./Queue.module.css";
import type { Queue } from "./useQueue";
import { likely, namesOf } from "./words";

const ROW = 74;
/** WebKit stops painting 2^24 pixels down; a longer list scrolls in proportion instead. */
const TALLEST = 15_000_000;
/** Where nothing is laid out there is no height to measure. */
const ASSUMED_HEIGHT = 640;

type View = { top: number; height: number };

/** Where the rows are for a place of the scroll bar. */
function layout(total: number, { top, height }: View) {
  const whole = total * ROW;
  const tall = Math.min(whole, TALLEST);
  const ratio = tall > height ? (whole - height) / (tall - height) : 1;
  const offset = Math.max(0, top) * ratio;
  const first = Math.max(0, Math.floor(offset / ROW) - 3);
  const last = Math.min(total - 1, Math.ceil((offset + height) / ROW) + 3);
  return { tall, ratio, shift: top - offset, first, last };
}

function Tags({ item }: { item: QueueItem }) {
  const clubs = [...new Set(item.records.map(({ club }) => club))];
  return (
    <span className={classes.tags}>
      {item.open.length > 0 && (
        <span className={classes.tag} data-tone="warning">
          {item.company_between_clubs && <IconCompany size={13} />}
          {item.company_between_clubs ? "Companies differ" : "To settle"}
        </span>
      )}
      {item.kind === "changed" && (
        <span className={classes.tag} data-tone="warning">
          Changed since
        </span>
      )}
      {item.later && (
        <span className={classes.tag}>
          <IconClock size={13} /> Later
        </span>
      )}
      {item.records.length > 2 && <span className={classes.tag}>{item.records.length} records</span>}
      <span className="one-line">{clubs.join(" · ")}</span>
    </span>
  );
}

type ItemProps = {
  item: QueueItem;
  place: number;
  total: number;
  top: number;
  open: boolean;
  onOpen: () => void;
};

function Item({ item, place, total, top, open, onOpen }: ItemProps) {
  const mask = useMask();
  const names = namesOf(item);
  return (
    // The list has the focus and the keys; an option is only clicked.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    // biome-ignore lint/a11y/useFocusableInteractive: see above
    <div
      id={`group-${item.group}`}
      role="option"
      aria-selected={open}
      aria-setsize={total}
      aria-posinset={place + 1}
      className={classes.item}
      style={{ top, height: ROW }}
      onClick={onOpen}
      data-testid={`group-${item.group}`}
    >
      <span className={classes.head}>
        <span className={`${classes.names} one-line`} title={mask(names, "full_name")}>
          <Private value={names} field="full_name" />
        </span>
        {item.probability !== null && <span className={classes.likely}>{likely(item.probability)}</span>}
      </span>
      <span className={`${classes.sentence} one-line`}>
        {item.decision ? <Private value={item.decision} field="full_name" /> : item.sentence}
      </span>
      <Tags item={item} />
    </div>
  );
}

/** Keeps the open group in sight when it moves. */
function useFollow(box: RefObject<HTMLDivElement | null>, at: number, total: number, view: View) {
  const latest = useRef(view);
  useEffect(() => {
    latest.current = view;
  });
  useLayoutEffect(() => {
    const list = box.current;
    if (!list || total === 0) return;
    const { height } = latest.current;
    const { ratio } = layout(total, latest.current);
    const offset = list.scrollTop * ratio;
    if (at * ROW < offset) list.scrollTop = (at * ROW) / ratio;
    else if ((at + 1) * ROW > offset + height) list.scrollTop = ((at + 1) * ROW - height) / ratio;
  }, [box, at, total]);
}

type Props = {
  queue: Queue;
  /** the open group, and its place */
  group: number | null;
  at: number;
  label: string;
  onOpen: (item: QueueItem) => void;
  onMove: (by: number) => void;
};

/** What is in sight, measured again when the list scrolls or changes its size. */
function useSight(box: RefObject<HTMLDivElement | null>) {
  const [view, setView] = useState<View>({ top: 0, height: ASSUMED_HEIGHT });
  const measure = useCallback(() => {
    const list = box.current;
    if (list) setView({ top: list.scrollTop, height: list.clientHeight || ASSUMED_HEIGHT });
  }, [box]);
  useLayoutEffect(() => {
    measure();
    const watch = new ResizeObserver(measure);
    if (box.current) watch.observe(box.current);
    return () => watch.disconnect();
  }, [box, measure]);
  return { view, measure };
}

/** How far a key moves; undefined where it is none of the list's. */
function stepOf(key: string, total: number): number | undefined {
  return { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -total, End: total }[key];
}

/** The groups in their order. Only those in sight are in the document. */
export function QueueList({ queue, group, at, label, onOpen, onMove }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const { view, measure } = useSight(box);
  const total = queue.total ?? 0;
  const { tall, shift, first, last } = layout(total, view);
  useFollow(box, at, total, view);
  const { onSight } = queue;
  useEffect(() => onSight({ first, last: Math.max(first, last) }), [onSight, first, last]);
  const places = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  const isShown = places.some((place) => queue.loaded.get(place)?.group === group);
  return (
    <div
      ref={box}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={isShown && group !== null ? `group-${group}` : undefined}
      className={classes.list}
      onScroll={measure}
      onKeyDown={(event) => {
        const by = stepOf(event.key, total);
        if (by === undefined) return;
        event.preventDefault();
        onMove(by);
      }}
      data-testid="queue"
    >
      <div role="presentation" style={{ height: tall, position: "relative" }}>
        {places.map((place) => {
          const item = queue.loaded.get(place);
          const top = place * ROW + shift;
          const sketch = { position: "absolute", top: top + 6 } as const;
          if (!item) return <Skeleton key={place} height={ROW - 12} style={sketch} aria-hidden="true" />;
          const open = item.group === group;
          return <Item key={item.group} {...{ item, place, total, top, open }} onOpen={() => onOpen(item)} />;
        })}
      </div>
    </div>
  );
}
