// What the side-by-side view of two members shows, worked out from both and what the person has chosen so far.
import type { Field, FieldValue, MemberMerge, MemberView } from "../../api";
import { type Mark, type RowView, sameText } from "../../components/compare/compareTypes";
import { OF_MEMBER } from "./fields";

export type Chosen = ReadonlyMap<Field, string | null>;

export function memberValue(view: MemberView, field: Field): string | null {
  return view.values.find((value) => value.field === field)?.value ?? null;
}

function markOf(value: string | null, other: string | null): Mark {
  if (value === null) return "missing";
  return other === null || sameText(value, other) ? "same" : "different";
}

/** The fields of which either has a value; `keep` is the place of who stays. */
export function rowsOf(members: readonly [MemberView, MemberView], keep: 0 | 1, chosen: Chosen): RowView[] {
  return OF_MEMBER.flatMap((field): RowView[] => {
    const [first, second] = [memberValue(members[0], field), memberValue(members[1], field)];
    const said = chosen.get(field);
    if (first === null && second === null && said === undefined) return [];
    const [stays, goes] = keep === 0 ? [first, second] : [second, first];
    const value = said === undefined ? (stays ?? goes) : said;
    const at = [first, second].indexOf(value);
    const reason = () => {
      if (said !== undefined) return at < 0 ? "typed by you" : "chosen by you";
      return stays === null ? "fills a blank" : "of who stays";
    };
    return [
      {
        field,
        cells: [
          { value: first, mark: markOf(first, second), changed: null },
          { value: second, mark: markOf(second, first), changed: null },
        ],
        differs: first !== null && second !== null && !sameText(first, second),
        proposed: {
          value,
          reason: reason(),
          from: value === null || at < 0 ? null : at,
          open: false,
          chosen: said !== undefined,
        },
      },
    ];
  });
}

/** What the backend is asked for. */
export function mergeOf(
  members: readonly [MemberView, MemberView],
  keep: 0 | 1,
  rows: RowView[],
): MemberMerge {
  const [stays, goes] = keep === 0 ? members : [members[1], members[0]];
  const values: FieldValue[] = rows.map(({ field, proposed }) => ({ field, value: proposed?.value ?? null }));
  return {
    keep: stays.id,
    keep_version: stays.version,
    other: goes.id,
    other_version: goes.version,
    values,
  };
}
