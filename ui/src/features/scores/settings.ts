import type { ScoreMethod, ScoreSettings } from "../../api";

export type MethodName = ScoreMethod["method"];

/** The settings with every number there: what is left out has the backend's usual value. */
export type FullSettings = {
  method: MethodName;
  mean: number;
  spread: number;
  low: number;
  high: number;
  decay: { half_life_months: number; floor: number } | null;
  weights: Record<string, number>;
};

const USUAL = { mean: 50, spread: 15, low: 0, high: 100 };
/** What the decay starts with when it is switched on. */
export const USUAL_DECAY = { half_life_months: 24, floor: 0 };

export function fullSettings({ method, decay, weights }: ScoreSettings): FullSettings {
  const made = method ?? { method: "z_score" as const };
  return {
    ...USUAL,
    ...definedOf(made),
    method: made.method,
    decay: decay ? { half_life_months: decay.half_life_months, floor: decay.floor ?? 0 } : null,
    weights: definedOf(weights ?? {}),
  };
}

function definedOf<T extends object>(given: T) {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]-?: NonNullable<T[K]>;
  };
}

/** As the backend takes them. */
export function settingsOf(full: FullSettings): ScoreSettings {
  const { method, mean, spread, low, high, decay, weights } = full;
  return {
    method: method === "z_score" ? { method, mean, spread } : { method, low, high },
    decay,
    // A weight of 1 is the usual one.
    weights: Object.fromEntries(Object.entries(weights).filter(([, weight]) => weight !== 1)),
  };
}

/** What cannot be meant, in words; the backend refuses the same. */
export function problemOf({ method, spread, low, high, decay }: FullSettings): string | null {
  if (method === "z_score" && !(spread > 0)) return "The common spread has to be above 0.";
  if (method !== "z_score" && !(low < high)) return "The lowest score has to lie below the highest.";
  if (decay && !(decay.half_life_months > 0)) return "The half-life has to be above 0 months.";
  return null;
}

/** 12.345 → "12.35"; a true minus sign */
export function score(value: number | null): string {
  if (value === null) return "none";
  return String(Number(value.toFixed(2))).replace("-", "−");
}

/** 3 → "+3", -2.5 → "−2.5" */
export function signed(value: number | null): string {
  if (value === null) return "";
  return value > 0 ? `+${score(value)}` : score(value);
}
