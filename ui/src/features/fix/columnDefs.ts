import type { ColDef, ICellRendererParams, SortModelItem } from "ag-grid-community";
import type { FieldInfo, GridRow, SortBy } from "../../api";
import classes from "../../components/Grid.module.css";
import { CLASS_LABELS, PERSONAL } from "../../components/labels";
import { type CellContext, CellText } from "./CellText";

const WIDTHS: Partial<Record<FieldInfo["field"], number>> = {
  prefix: 76,
  suffix: 76,
  given_name: 116,
  family_name: 124,
  birth_date: 116,
  company: 190,
  state: 78,
  email: 200,
  last_active: 116,
  score: 80,
};

function stateCell({ data }: ICellRendererParams<GridRow>): HTMLElement | string {
  if (!data) return "";
  const cell = document.createElement("span");
  cell.className = classes.state ?? "";
  const dot = document.createElement("span");
  dot.className = classes.stateDot ?? "";
  dot.dataset.class = data.class;
  cell.append(dot, CLASS_LABELS[data.class]);
  return cell;
}

function fieldColumn(info: FieldInfo, at: number): ColDef<GridRow> {
  return {
    colId: info.field,
    headerName: info.label,
    width: WIDTHS[info.field] ?? 128,
    valueGetter: ({ data }) => data?.cells[at] ?? null,
    cellRenderer: CellText,
    cellRendererParams: { field: info.field, at },
    // What is masked cannot be edited unseen: the editor would show it.
    editable: ({ data, context }) =>
      data !== undefined && !((context as CellContext).isHidden() && PERSONAL.has(info.field)),
    cellEditor: "agTextCellEditor",
    cellClassRules: Object.fromEntries(
      ["x", "w", "e", "c"].map((mark) => [
        `mark-${mark}`,
        ({ data }: { data?: GridRow }) => data?.marks[at] === mark,
      ]),
    ),
  };
}

/** The grid's columns: the row's state and place, then every field that a file has values for. */
export function columnDefs(fields: FieldInfo[]): ColDef<GridRow>[] {
  return [
    { colId: "class", headerName: "Status", width: 100, pinned: "left", cellRenderer: stateCell },
    { colId: "source", headerName: "Source", width: 136, field: "source", sortable: false },
    { colId: "row", headerName: "Line", width: 72, field: "line", cellClass: "numeric" },
    // `at` is the place in `GridRow.cells`, which holds all fields, used or not.
    ...fields
      .map((info, at) => ({ info, at }))
      .filter(({ info }) => info.used)
      .map(({ info, at }) => fieldColumn(info, at)),
  ];
}

/** The grid's order as the backend takes it. */
export function sortsOf(model: SortModelItem[]): SortBy[] {
  return model.map(({ colId, sort }) => ({ field: colId as SortBy["field"], descending: sort === "desc" }));
}
