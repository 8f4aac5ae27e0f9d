import { useEffect, useRef } from "react";

/** Where a key writes, or belongs to a control of its own. */
function isTaken(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("textarea, select, [role=dialog], [role=menu]")) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
}

/** Whether arrows mean something to what has the focus. */
const hasArrows = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  target.closest("[role=tablist], [role=slider], [role=radiogroup], input") !== null;

/** "s", "shift+2", "arrowleft"; null where the key is not ours. */
export function nameOfKey(event: KeyboardEvent): string | null {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTaken(event.target))
    return null;
  if (event.key.startsWith("Arrow") && hasArrows(event.target)) return null;
  // By its place on the keyboard: with Shift a digit's key says something else.
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  if (digit) return event.shiftKey ? `shift+${digit}` : digit;
  if (/^\d$/.test(event.key)) return event.key;
  return event.key.toLowerCase();
}

/**
 * Keys that work wherever the focus is, but not while something is typed or a dialog is open. `act` says whether the key
 * was one of its own.
 */
export function useShortcuts(enabled: boolean, act: (key: string, event: KeyboardEvent) => boolean) {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    if (!enabled) return;
    const listen = (event: KeyboardEvent) => {
      const key = nameOfKey(event);
      if (key !== null && latest.current(key, event)) event.preventDefault();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [enabled]);
}
