import { ActionIcon, Group } from "@mantine/core";
import { type DragEvent, useRef, useState } from "react";
import { IconDown, IconList, IconUp } from "../../components/icons";
import classes from "./Dialogs.module.css";
import { moved } from "./survivorship";

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
  // The keyboard goes with what it moves.
  const moveBy = (at: number, by: number) => {
    move(at, at + by);
    requestAnimationFrame(() =>
      list.current?.querySelectorAll<HTMLElement>("[data-handle]")[at + by]?.focus(),
    );
  };
  const dropOn = (event: DragEvent, at: number) => {
    event.preventDefault();
    if (dragged !== null) move(dragged, at);
    setDragged(null);
  };
  return (
    <>
      <ol ref={list} className={classes.order} aria-label={label}>
        {order.map((club, at) => (
          <li
            key={club}
            draggable
            data-dragged={dragged === at}
            onDragStart={() => setDragged(at)}
            onDragEnd={() => setDragged(null)}
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => dropOn(event, at)}
          >
            <Group gap={8} wrap="nowrap">
              <IconList size={14} />
              <span className="one-line">
                {at + 1}. {club}
              </span>
            </Group>
            <Group gap={2} wrap="nowrap">
              <ActionIcon
                variant="subtle"
                color="gray"
                size={26}
                aria-label={`Trust ${club} more`}
                aria-disabled={at === 0}
                data-disabled={at === 0 || undefined}
                data-handle
                onClick={() => at > 0 && moveBy(at, -1)}
                onKeyDown={(event) => {
                  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
                  if (!by || !event.altKey) return;
                  event.preventDefault();
                  if (at + by >= 0 && at + by < order.length) moveBy(at, by);
                }}
                data-testid={`club-up-${at}`}
              >
                <IconUp size={15} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={26}
                aria-label={`Trust ${club} less`}
                aria-disabled={at === order.length - 1}
                data-disabled={at === order.length - 1 || undefined}
                onClick={() => move(at, at + 1)}
                data-testid={`club-down-${at}`}
              >
                <IconDown size={15} />
              </ActionIcon>
            </Group>
          </li>
        ))}
      </ol>
      <output className="visually-hidden" aria-live="polite">
        {said}
      </output>
    </>
  );
}
