import type { ValueOrigin } from "../../api";
import { moment } from "../../components/format";
import classes from "./Members.module.css";

function words(origin: ValueOrigin): string {
  const { file, line, rule, person, at, kind, member } = origin;
  const parts: string[] = [];
  if (file !== null) parts.push(`${file}, line ${line}`);
  else if (kind === "merge") parts.push(`chosen by ${person} in a merge, ${moment(at)}`);
  else if (kind === "push" && rule === null) parts.push(`push ${origin.entry}, ${moment(at)}`);
  else if (kind !== "push") parts.push(`typed by ${person}, ${moment(at)}`);
  if (rule !== null) parts.push(rule);
  if (member !== null) parts.push(`from member ${member}, who was merged`);
  return parts.join(" · ");
}

/** Where a value comes from: file and line, the rule that chose it, or the person. */
export function Origin({ origin }: { origin: ValueOrigin | undefined }) {
  if (!origin) return null;
  return (
    <span className={classes.origin} data-testid={`origin-${origin.field}`}>
      {words(origin)}
    </span>
  );
}
