import type { Day } from "../../../api";

/** The days as a week goes, with their names. */
export const DAYS: { day: Day; label: string }[] = [
  { day: "monday", label: "Monday" },
  { day: "tuesday", label: "Tuesday" },
  { day: "wednesday", label: "Wednesday" },
  { day: "thursday", label: "Thursday" },
  { day: "friday", label: "Friday" },
  { day: "saturday", label: "Saturday" },
  { day: "sunday", label: "Sunday" },
];

/** None: every day. */
export function daysInWords(days: Day[]): string {
  if (days.length === 0) return "Every day";
  return DAYS.filter(({ day }) => days.includes(day))
    .map(({ label }) => label)
    .join(", ");
}
