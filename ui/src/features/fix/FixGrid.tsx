import { createGrid, type GridApi, type GridOptions } from "ag-grid-community";
import { useEffect, useMemo, useRef } from "react";
import { type Api, type Field, type FieldInfo, type GridRow, type RowQuery, useApi } from "../../api";
import classes from "../../components/Grid.module.css";
import { BLOCK, gridModules, gridTheme } from "../../components/grid";
import { columnDefs, sortsOf } from "./columnDefs";

/** A cell of the grid, by the row's number and its field. */
export type CellAt = { row: number; field: Field };
export type HoveredCell = CellAt & { box: DOMRect };
export type CellEdit = CellAt & { before: string | null; value: string | null };

type Props = {
  importId: number;
  fields: FieldInfo[];
  query: RowQuery;
  /** grows with every change of the rows: the blocks on screen are fetched again, the place is kept */
  version: number;
  hidden: boolean;
  /** whether a panel beside it takes some of its width */
  narrowed: boolean;
  onSort: (sort: RowQuery["sort"]) => void;
  onFound: (total: number) => void;
  onFailure: (reason: unknown) => void;
  onSelect: (rows: number[]) => void;
  onFocus: (cell: CellAt | null) => void;
  onHover: (cell: HoveredCell | null) => void;
  /** resolves to whether the edit was taken */
  onEdit: (edit: CellEdit) => Promise<boolean>;
};
type Latest = { current: Props };

/** Keys that are Muster's in a focused cell. Delete and Backspace would empty a cell by surprise. */
function isOurs(event: KeyboardEvent): boolean {
  if (event.altKey && event.key === "Enter") return true;
  return event.key === "F1" || event.key === "Delete" || event.key === "Backspace";
}

function cellAt(
  api: GridApi<GridRow>,
  rowIndex: number | null,
  column: unknown,
  fields: FieldInfo[],
): CellAt | null {
  if (rowIndex === null || !column) return null;
  const id = typeof column === "string" ? column : (column as { getColId(): string }).getColId();
  const row = api.getDisplayedRowAtIndex(rowIndex)?.data;
  const info = fields.find(({ field }) => field === id);
  return row && info ? { row: row.row, field: info.field } : null;
}

/** The edit is shown at once and taken back when it is refused. */
async function takeEdit(latest: Latest, api: GridApi<GridRow>, data: GridRow, field: Field, typed: unknown) {
  const at = latest.current.fields.findIndex((info) => info.field === field);
  const before = data.cells[at] ?? null;
  const value = String(typed ?? "").trim() || null;
  if (value === before) return;
  const node = api.getRowNode(String(data.row));
  node?.setData({
    ...data,
    cells: data.cells.map((cell, i) => (i === at ? value : cell)),
    marks: `${data.marks.slice(0, at)}e${data.marks.slice(at + 1)}`,
  });
  const taken = await latest.current.onEdit({ row: data.row, field, before, value });
  if (!taken && !api.isDestroyed()) node?.setData(data);
}

function hovering(latest: Latest) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const leave = () => {
    clearTimeout(timer);
    latest.current.onHover(null);
  };
  const enter = (cell: CellAt | null, data: GridRow | undefined, target: EventTarget | null) => {
    clearTimeout(timer);
    const at = latest.current.fields.findIndex((info) => info.field === cell?.field);
    const box = target instanceof Element ? target.closest(".ag-cell")?.getBoundingClientRect() : undefined;
    // A cell that is as it was read has no story to tell.
    if (!cell || !data || !box || (data.marks[at] ?? ".") === ".") return;
    timer = setTimeout(() => latest.current.onHover({ ...cell, box }), 300);
  };
  return { enter, leave };
}

function gridOptions(latest: Latest): GridOptions<GridRow> {
  const hover = hovering(latest);
  const { fields, query } = latest.current;
  const sorted = new Map(query.sort.map((sort, index) => [sort.field as string, { sort, index }]));
  return {
    theme: gridTheme,
    rowModelType: "infinite",
    cacheBlockSize: BLOCK,
    maxBlocksInCache: 30,
    maxConcurrentDatasourceRequests: 2,
    blockLoadDebounceMillis: 30,
    getRowId: ({ data }) => String(data.row),
    context: { isHidden: () => latest.current.hidden },
    columnDefs: columnDefs(fields).map((def) => {
      const found = sorted.get(def.colId ?? "");
      return found ? { ...def, sort: found.sort.descending ? "desc" : "asc", sortIndex: found.index } : def;
    }),
    defaultColDef: {
      sortable: true,
      resizable: true,
      suppressHeaderMenuButton: true,
      suppressMovable: true,
      suppressKeyboardEvent: ({ event, editing }) => !editing && isOurs(event),
    },
    rowSelection: { mode: "multiRow", headerCheckbox: false, checkboxes: true, enableClickSelection: false },
    selectionColumnDef: {
      pinned: "left",
      width: 44,
      sortable: false,
      resizable: false,
      headerName: "Selected",
      headerClass: "selection-header",
    },
    rowClassRules: { "class-excluded": ({ data }) => data?.class === "excluded" },
    // At most eighteen columns: drawing them all costs less than the blanks while scrolling sideways.
    suppressColumnVirtualisation: true,
    suppressNoRowsOverlay: true,
    readOnlyEdit: true,
    stopEditingWhenCellsLoseFocus: true,
    enableCellTextSelection: false,
    onCellEditRequest: ({ api, data, column, newValue }) =>
      takeEdit(latest, api, data, column.getColId() as Field, newValue),
    onSortChanged: ({ api }) => latest.current.onSort(sortsOf(sortModel(api))),
    onSelectionChanged: ({ api }) => latest.current.onSelect(api.getSelectedRows().map((row) => row.row)),
    onCellFocused: ({ api, rowIndex, column }) =>
      latest.current.onFocus(cellAt(api, rowIndex, column, fields)),
    onCellMouseOver: ({ api, rowIndex, column, data, event }) =>
      hover.enter(cellAt(api, rowIndex, column, fields), data, event?.target ?? null),
    onCellMouseOut: hover.leave,
    onBodyScroll: hover.leave,
    onCellEditingStarted: hover.leave,
  };
}

function sortModel(api: GridApi<GridRow>) {
  return api
    .getColumnState()
    .filter((column) => column.sort)
    .sort((a, b) => (a.sortIndex ?? 0) - (b.sortIndex ?? 0))
    .map((column) => ({ colId: column.colId, sort: column.sort as "asc" | "desc" }));
}

function datasource(backend: Api, latest: Latest) {
  const { importId, query } = latest.current;
  return {
    getRows: ({ startRow, endRow, sortModel: model, successCallback, failCallback }: RowsWanted) => {
      backend.rows(importId, { ...query, sort: sortsOf(model) }, startRow, endRow - startRow).then(
        (block) => {
          successCallback(block.rows, block.total);
          latest.current.onFound(block.total);
        },
        (reason) => {
          failCallback();
          latest.current.onFailure(reason);
        },
      );
    },
  };
}
type RowsWanted = Parameters<NonNullable<GridOptions<GridRow>["datasource"]>["getRows"]>[0];

/** The rows, fetched in blocks; sorted and filtered by the backend, whatever their number. */
export function FixGrid(props: Props) {
  const backend = useApi();
  const host = useRef<HTMLDivElement>(null);
  const grid = useRef<GridApi<GridRow> | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const { importId, query, version, hidden, narrowed, fields } = props;
  const columnsKey = fields
    .filter((info) => info.used)
    .map((info) => info.field)
    .join();
  const filterKey = useMemo(() => JSON.stringify({ ...query, sort: [] }), [query]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew only for another import or other columns
  useEffect(() => {
    if (!host.current) return;
    const made = createGrid<GridRow>(host.current, gridOptions(latest), { modules: gridModules });
    made.setGridAriaProperty("label", "Rows");
    grid.current = made;
    return () => {
      grid.current = null;
      made.destroy();
    };
  }, [importId, columnsKey]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter starts at the top, with nothing selected
  useEffect(() => {
    grid.current?.deselectAll();
    grid.current?.setGridOption("datasource", datasource(backend, latest));
  }, [backend, importId, columnsKey, filterKey]);

  useEffect(() => {
    if (version > 0) grid.current?.refreshInfiniteCache();
  }, [version]);

  // A panel that opens beside the grid must not cover the cell that it speaks of.
  useEffect(() => {
    const cell = grid.current?.getFocusedCell();
    if (narrowed && cell) grid.current?.ensureColumnVisible(cell.column);
  }, [narrowed]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn again because of `hidden`, which the cells read
  useEffect(() => {
    grid.current?.refreshCells({ force: true });
  }, [hidden]);

  return <div ref={host} className={classes.grid} data-testid="fix-grid" />;
}
