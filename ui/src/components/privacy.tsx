import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import type { Field, Target } from "../api";
import { PERSONAL } from "./labels";

export const MASK = "••••••";
const DEFAULT_KEY = "muster-hide-personal-data";

type Privacy = {
  hidden: boolean;
  setHidden: (hidden: boolean) => void;
  /** whether the next start hides */
  hiddenAtStart: boolean;
  setHiddenAtStart: (hidden: boolean) => void;
};

const PrivacyContext = createContext<Privacy | null>(null);

function readDefault(): boolean {
  return localStorage.getItem(DEFAULT_KEY) === "true";
}

/** Holds whether personal data is masked in this window, and what a new window starts with. */
export function PrivacyProvider({ children }: { children: ReactNode }) {
  const [hidden, setHidden] = useState(readDefault);
  const [hiddenAtStart, setDefault] = useState(readDefault);
  const setHiddenAtStart = useCallback((next: boolean) => {
    localStorage.setItem(DEFAULT_KEY, String(next));
    setDefault(next);
    setHidden(next);
  }, []);
  const value = useMemo(
    () => ({ hidden, setHidden, hiddenAtStart, setHiddenAtStart }),
    [hidden, hiddenAtStart, setHiddenAtStart],
  );
  return <PrivacyContext.Provider value={value}>{children}</PrivacyContext.Provider>;
}

/** Whether personal data is masked, and the switch for it. */
export function usePrivacy(): Privacy {
  const privacy = useContext(PrivacyContext);
  if (!privacy) throw new Error("usePrivacy outside of PrivacyProvider");
  return privacy;
}

/** A function that masks the values of personal fields while they are hidden. `null` = the field is not known. */
export function useMask(): (value: string, field: Field | Target | null) => string {
  const { hidden } = usePrivacy();
  return useCallback(
    (value, field) => (hidden && value !== "" && (field === null || PERSONAL.has(field)) ? MASK : value),
    [hidden],
  );
}

/** A value that is masked while personal data is hidden. */
export function Private({ value, field = null }: { value: string; field?: Field | Target | null }) {
  const masked = useMask()(value, field);
  if (masked === value) return <>{value}</>;
  return (
    <>
      <span aria-hidden="true">{MASK}</span>
      <span className="visually-hidden">hidden</span>
    </>
  );
}
