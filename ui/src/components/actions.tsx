import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";

/** Something the command palette can do now. */
export type Action = {
  id: string;
  label: string;
  group: string;
  shortcut?: string;
  run: () => void;
};

type Registry = { actions: Action[]; set: (owner: symbol, actions: Action[] | null) => void };
const ActionsContext = createContext<Registry | null>(null);

/** Collects the actions of the screens that are open. */
export function ActionsProvider({ children }: { children: ReactNode }) {
  const [owners, setOwners] = useState<Map<symbol, Action[]>>(new Map());
  const set = useMemo(
    () => (owner: symbol, actions: Action[] | null) =>
      setOwners((before) => {
        const after = new Map(before);
        if (actions) after.set(owner, actions);
        else after.delete(owner);
        return after;
      }),
    [],
  );
  // What the open screen offers comes before what the window always offers.
  const value = useMemo(() => ({ actions: [...owners.values()].reverse().flat(), set }), [owners, set]);
  return <ActionsContext.Provider value={value}>{children}</ActionsContext.Provider>;
}

/** Every action that is possible now. */
export function useAllActions(): Action[] {
  return useContext(ActionsContext)?.actions ?? [];
}

/** Offers actions in the command palette while the caller is on screen. */
export function useActions(actions: Action[]) {
  const set = useContext(ActionsContext)?.set;
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  // Registered anew only when what is offered changes; what runs is always the latest.
  const signature = JSON.stringify(
    actions.map(({ id, label, group, shortcut }) => [id, label, group, shortcut]),
  );
  useEffect(() => {
    if (!set) return;
    const owner = Symbol("actions");
    const offered = (JSON.parse(signature) as [string, string, string, string | undefined][]).map(
      ([id, label, group, shortcut]) => ({
        id,
        label,
        group,
        shortcut: shortcut ?? undefined,
        run: () => latest.current.find((action) => action.id === id)?.run(),
      }),
    );
    set(owner, offered);
    return () => set(owner, null);
  }, [set, signature]);
}
