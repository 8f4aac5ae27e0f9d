import { ActionIcon, Group } from "@mantine/core";
import { type KeyboardEvent, type LiHTMLAttributes, useRef, useState } from "react";
import { IconDown, IconList, IconUp } from "../../components/icons";
import classes from "./Dialogs.module.css";
import { moved } from "./survivorship";

type ClubProps = LiHTMLAttributes<HTMLLIElement> & {
  club: string;
  at: number;
  last: number;
  onMove: (by: number) => void;
};

/** A club with its place; Alt and an arrow move it, too. */
function Club({ club, at, last, onMove, ...item }: ClubProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || !event.altKey) return;
    event.preventDefault();
    onMove(by);
  };
  const way = (by: number, words: string, isEnd: boolean) => (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={26}
      aria-label={`Trust ${club} ${words}`}
      aria-disabled={isEnd}
      data-disabled={isEnd || undefined}
      data-way={by}
      onClick={() => onMove(by)}
      onKeyDown={onKeyDown}
      data-testid={`club-${by < 0 ? "up" : "down"}-${at}`}
    >
      {by < 0 ? <IconUp size={15} /> : <IconDown size={15} />}
    </ActionIcon>
  );
  return (
    <li draggable {...item}>
      <Group gap={8} wrap="nowrap">
        <IconList size={14} />
        <span className="one-line">
          {at + 1}. {club}
        </span>
      </Group>
      <Group gap={2} wrap="nowrap">
        {way(-1, "more", at === 0)}
        {way(1, "less", at === last)}
      </Group>
    </li>
  );
}

type Props = { label: string; order: string[]; onOrder: (order: string[]) => void };

/** Clubs in an order of trust: moved by dragging, by the buttons, or by Alt and an arrow. */
export function ClubOrder({ label, order, onOrder }: Props) {
  const [dragged, setDragged] = useState<number | null>(null);
  const [said, setSaid] = useState("");
  const list = useRef<HTMLOListElement>(null);
  const move = (from: number, to: number) => {
    if (to < 0 || to >= order.length || from === to) return;
    onOrder(moved(order, from, to));
    setSaid(`${order[from]} is number ${to + 1} of ${order.length} now.`);
  };
  const moveBy = (at: number, by: number) => {
    move(at, at + by);
    // The keyboard goes with what it moves.
    const ways = () => list.current?.querySelectorAll<HTMLElement>(`[data-way="${by}"]`);
    requestAnimationFrame(() => ways()?.[Math.min(order.length - 1, Math.max(0, at + by))]?.focus());
  };
  return (
    <>
      <ol ref={list} className={classes.order} aria-label={label}>
        {order.map((club, at) => (
          <Club
            key={club}
            club={club}
            at={at}
            last={order.length - 1}
            onMove={(by) => moveBy(at, by)}
            data-dragged={dragged === at}
            onDragStart={() => setDragged(at)}
            onDragEnd={() => setDragged(null)}
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== null) move(dragged, at);
              setDragged(null);
            }}
          />
        ))}
      </ol>
      <output className="visually-hidden" aria-live="polite">
        {said}
      </output>
    </>
  );
}
