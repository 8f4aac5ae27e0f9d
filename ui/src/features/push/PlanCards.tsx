import type { PlanCounts } from "../../api";
import { count } from "../../components/format";
import classes from "./Push.module.css";

/** The plan in figures. */
export function PlanCards({ counts }: { counts: PlanCounts }) {
  const cards: [string, number, string][] = [
    ["New members", counts.insert, "insert"],
    ["Already there, the same", counts.skip_identical, "skip_identical"],
    ["Already there, differs", counts.skip_different, "skip_different"],
    ["Refused", counts.reject, "reject"],
  ];
  if (counts.conflict > 0) cards.splice(3, 0, ["Contradict another row", counts.conflict, "conflict"]);
  if (counts.update > 0) cards.splice(1, 0, ["Changed", counts.update, "update"]);
  if (counts.merges > 0) cards.push(["Two members who become one", counts.merges, "merges"]);
  if (counts.remove > 0) cards.push(["Not in the lists any more", counts.remove, "remove"]);
  return (
    <dl className={classes.cards} aria-label="The plan in figures">
      {cards.map(([label, value, name]) => (
        <div className={classes.card} key={name}>
          <dt>{label}</dt>
          <dd data-testid={`plan-${name}`}>{count(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
