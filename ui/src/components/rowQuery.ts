import type { RowQuery } from "../api";

/** Every row, in the order of the files. */
export const ALL_ROWS: RowQuery = {
  class: null,
  rule: null,
  file: null,
  edited: false,
  search: null,
  facets: [],
  sort: [],
};

/** Whether anything but the order is chosen. */
export function isFiltered(query: RowQuery): boolean {
  return (
    query.class !== null ||
    query.rule !== null ||
    query.file !== null ||
    query.edited ||
    query.search !== null ||
    query.facets.length > 0
  );
}
