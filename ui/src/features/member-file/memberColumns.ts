import type { ColDef, ICellRendererParams, SortModelItem } from "ag-grid-community";
import type { ColumnSort, Field, MemberColumn, MemberRow, MemberRowState } from "../../api";
import { type CellContext, isPersonal, MemberCell } from "./MemberCell";
import classes from "./MemberFile.module.css";

const WIDTHS: Partial<Record<Field, number>> = {
  prefix: 76,
  suffix: 76,
  preferred_name: 140,
  given_name: 120,
  middle_name: 116,
  family_name: 132,
  birth_date: 120,
  company: 180,
  state: 80,
  email: 210,
  last_active: 120,
  score: 86,
};

export const STATE_LABELS: Record<MemberRowState, string> = {
  saved: "",
  changed: "Changed",
  added: "New",
  deleted: "Deleted",
};

/** The name of a column in the grid; its place, since a file may use one name twice. */
export const columnId = (at: number) => `c${at}`;

/** The place of a column of the file; `null` for the grid's own. */
export function columnPlace(id: string): number | null {
  return /^c\d+$/.test(id) ? Number(id.slice(1)) : null;
}

function stateCell({ data }: ICellRendererParams<MemberRow>): HTMLElement | string {
  if (!data || data.state === "saved") return "";
  const cell = document.createElement("span");
  cell.className = classes.state ?? "";
  cell.dataset.state = data.state;
  cell.textContent = STATE_LABELS[data.state];
  return cell;
}

function fileColumn(column: MemberColumn, at: number): ColDef<MemberRow> {
  return {
    colId: columnId(at),
    headerName: column.label,
    headerTooltip: column.name,
    width: (column.field && WIDTHS[column.field]) ?? 132,
    valueGetter: ({ data }) => data?.cells[at] ?? null,
    cellRenderer: MemberCell,
    cellRendererParams: { column, at },
    // What is masked cannot be edited unseen: the editor would show it.
    editable: ({ data, context }) =>
      data !== undefined &&
      data.state !== "deleted" &&
      !((context as CellContext).isHidden() && isPersonal(column)),
    cellEditor: "agTextCellEditor",
    cellClassRules: Object.fromEntries(
      ["w", "e"].map((mark) => [
        `mark-${mark}`,
        ({ data }: { data?: MemberRow }) => data?.marks[at] === mark,
      ]),
    ),
  };
}

/** The grid's columns: the row's number and state, then the file's own columns in their order. */
export function columnDefs(columns: MemberColumn[]): ColDef<MemberRow>[] {
  return [
    { colId: "row", headerName: "Row", width: 84, pinned: "left", field: "row", cellClass: "numeric" },
    {
      colId: "state",
      headerName: "Not saved",
      width: 96,
      pinned: "left",
      sortable: false,
      cellRenderer: stateCell,
    },
    ...columns.map(fileColumn),
  ];
}

/** The grid's order as the backend takes it. */
export function sortsOf(model: SortModelItem[]): ColumnSort[] {
  return model.map(({ colId, sort }) => ({ column: columnPlace(colId), descending: sort === "desc" }));
}
