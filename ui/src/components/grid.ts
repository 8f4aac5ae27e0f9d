import {
  CellApiModule,
  CellStyleModule,
  ColumnApiModule,
  EventApiModule,
  InfiniteRowModelModule,
  type Module,
  RenderApiModule,
  RowApiModule,
  RowSelectionModule,
  RowStyleModule,
  ScrollApiModule,
  TextEditorModule,
  themeQuartz,
} from "ag-grid-community";

/** Only what the grid of rows uses. Without ScrollApi and RowApi their calls do nothing, silently. */
export const gridModules: Module[] = [
  InfiniteRowModelModule,
  CellStyleModule,
  RowStyleModule,
  RowSelectionModule,
  TextEditorModule,
  ColumnApiModule,
  CellApiModule,
  RowApiModule,
  ScrollApiModule,
  RenderApiModule,
  EventApiModule,
];

/** Rows of a block: one call of the backend. */
export const BLOCK = 200;

/** AG Grid in Muster's colours; the variables follow the colour scheme. */
export const gridTheme = themeQuartz.withParams({
  accentColor: "var(--mantine-color-harbor-5)",
  backgroundColor: "var(--m-surface)",
  foregroundColor: "var(--m-text)",
  browserColorScheme: "inherit",
  borderColor: "var(--m-line)",
  chromeBackgroundColor: "var(--m-sunken)",
  headerBackgroundColor: "var(--m-sunken)",
  headerTextColor: "var(--m-text)",
  rowHoverColor: "var(--m-hover)",
  selectedRowBackgroundColor: "var(--m-selected)",
  fontFamily: "inherit",
  fontSize: 13,
  headerFontSize: 13,
  headerFontWeight: 600,
  rowHeight: 32,
  headerHeight: 36,
  cellHorizontalPadding: 10,
  wrapperBorder: false,
  wrapperBorderRadius: 0,
});
