import type { ReactNode } from "react";
import type { Group, LeftOut } from "../../api";
import { Bars, GroupTable } from "./Bars";
import { Card } from "./Card";
import { barsOf, topOf } from "./groups";

type Props = {
  name: string;
  title: string;
  column: string;
  note?: ReactNode;
  groups: Group[];
  /** groups that the backend left out */
  more?: LeftOut;
  /** all members, of whom the shares are */
  all: number;
  /** bars of the chart at most; without it, all */
  top?: number;
};

/** Members by one of their facts. */
export function GroupCard({ name, title, column, note, groups, more, all, top }: Props) {
  return (
    <Card name={name} title={title} note={note}>
      {(view) =>
        view === "chart" ? (
          <Bars title={title} bars={top ? topOf(groups, top, more) : barsOf(groups, more)} all={all} />
        ) : (
          <GroupTable title={title} column={column} bars={barsOf(groups, more)} all={all} />
        )
      }
    </Card>
  );
}
