import { createGrid, type GridApi, type GridOptions } from "ag-grid-community";
import { useEffect, useMemo, useRef } from "react";
import { type Api, type MemberColumn, type MemberRow, type MemberRowQuery, useApi } from "../../api";
import classes from "../../components/Grid.module.css";
import { BLOCK, gridModules, gridTheme } from "../../components/grid";
import { columnDefs, columnId, columnPlace, sortsOf } from "./memberColumns";

/** A cell of the grid: its row as shown, and its column's place. */
export type MemberCellAt = { row: MemberRow; column: number };

type Props = {
  fileId: number;
  columns: MemberColumn[];
  query: MemberRowQuery;
  /** grows with every change of the rows: the blocks on screen are fetched again, the place is kept */
  version: number;
  /** grows when the last row is to be shown */
  toEnd: number;
  hidden: boolean;
  onFound: (total: number) => void;
  onFailure: (reason: unknown) => void;
  onSelect: (rows: MemberRow[]) => void;
  onFocus: (cell: MemberCellAt | null) => void;
  /** resolves to the row after the edit; `null` where it was refused */
  onEdit: (row: number, column: number, value: string | null) => Promise<MemberRow | null>;
};
type Latest = { current: Props };
type RowsWanted = Parameters<NonNullable<GridOptions<MemberRow>["datasource"]>["getRows"]>[0];

/** Delete and Backspace would empty a cell by surprise; Control S is the window's. */
function isOurs(event: KeyboardEvent): boolean {
  return event.key === "Delete" || event.key === "Backspace";
}

function cellAt(api: GridApi<MemberRow>, rowIndex: number | null, column: unknown): MemberCellAt | null {
  if (rowIndex === null || !column) return null;
  const id = typeof column === "string" ? column : (column as { getColId(): string }).getColId();
  const row = api.getDisplayedRowAtIndex(rowIndex)?.data;
  const place = columnPlace(id);
  return row && place !== null ? { row, column: place } : null;
}

/** The typed text is shown at once; what the rules make of it, or what was there before, follows. */
async function takeEdit(
  latest: Latest,
  api: GridApi<MemberRow>,
  data: MemberRow,
  column: number,
  typed: unknown,
) {
  const value = String(typed ?? "") || null;
  if (value === (data.cells[column] ?? null)) return;
  const node = api.getRowNode(String(data.row));
  node?.setData({ ...data, cells: data.cells.map((cell, i) => (i === column ? value : cell)) });
  const after = await latest.current.onEdit(data.row, column, value);
  if (api.isDestroyed()) return;
  node?.setData(after ?? data);
  const focused = api.getFocusedCell();
  latest.current.onFocus(cellAt(api, focused?.rowIndex ?? null, focused?.column));
}

function gridOptions(latest: Latest): GridOptions<MemberRow> {
  return {
    theme: gridTheme,
    rowModelType: "infinite",
    cacheBlockSize: BLOCK,
    maxBlocksInCache: 30,
    maxConcurrentDatasourceRequests: 2,
    blockLoadDebounceMillis: 30,
    getRowId: ({ data }) => String(data.row),
    context: { isHidden: () => latest.current.hidden },
    columnDefs: columnDefs(latest.current.columns),
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
    rowClassRules: { "class-excluded": ({ data }) => data?.state === "deleted" },
    suppressNoRowsOverlay: true,
    readOnlyEdit: true,
    stopEditingWhenCellsLoseFocus: true,
    onCellEditRequest: ({ api, data, column, newValue }) => {
      const place = columnPlace(column.getColId());
      if (place !== null) takeEdit(latest, api, data, place, newValue);
    },
    onSelectionChanged: ({ api }) => latest.current.onSelect(api.getSelectedRows()),
    onCellFocused: ({ api, rowIndex, column }) => latest.current.onFocus(cellAt(api, rowIndex, column)),
  };
}

function datasource(backend: Api, latest: Latest, arrived: (total: number) => void) {
  const { fileId, query } = latest.current;
  return {
    getRows: ({ startRow, endRow, sortModel, successCallback, failCallback }: RowsWanted) => {
      const wanted = { ...query, sort: sortsOf(sortModel) };
      backend.memberFileRows(fileId, wanted, startRow, endRow - startRow).then(
        (block) => {
          successCallback(block.rows, block.total);
          latest.current.onFound(block.total);
          arrived(block.total);
        },
        (reason) => {
          failCallback();
          latest.current.onFailure(reason);
        },
      );
    },
  };
}

/** The rows of a member file, fetched in blocks; sorted and searched by the backend, whatever their number. */
export function MemberGrid(props: Props) {
  const backend = useApi();
  const host = useRef<HTMLDivElement>(null);
  const grid = useRef<GridApi<MemberRow> | null>(null);
  const latest = useRef(props);
  const jump = useRef(false);
  useEffect(() => {
    latest.current = props;
  });
  const { fileId, query, version, toEnd, hidden, columns } = props;
  const columnsKey = JSON.stringify(columns.map(({ name }) => name));
  const filterKey = useMemo(() => JSON.stringify([query.unsaved, query.search]), [query]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew only for another file or other columns
  useEffect(() => {
    if (!host.current) return;
    const made = createGrid<MemberRow>(host.current, gridOptions(latest), { modules: gridModules });
    made.setGridAriaProperty("label", "Rows of the file");
    grid.current = made;
    return () => {
      grid.current = null;
      made.destroy();
    };
  }, [fileId, columnsKey]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter starts at the top, with nothing selected
  useEffect(() => {
    const arrived = (total: number) => {
      if (!jump.current || total === 0 || !grid.current) return;
      jump.current = false;
      grid.current.ensureIndexVisible(total - 1, "bottom");
      grid.current.ensureColumnVisible(columnId(0));
      grid.current.setFocusedCell(total - 1, columnId(0));
    };
    grid.current?.deselectAll();
    grid.current?.setGridOption("datasource", datasource(backend, latest, arrived));
  }, [backend, fileId, columnsKey, filterKey]);

  useEffect(() => {
    if (toEnd === 0) return;
    jump.current = true;
    // A new row stands at the end of the file's own order.
    grid.current?.applyColumnState({ defaultState: { sort: null } });
  }, [toEnd]);

  useEffect(() => {
    if (version > 0) grid.current?.refreshInfiniteCache();
  }, [version]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn again because of `hidden`, which the cells read
  useEffect(() => {
    grid.current?.refreshCells({ force: true });
  }, [hidden]);

  return <div ref={host} className={classes.grid} data-testid="member-grid" />;
}
