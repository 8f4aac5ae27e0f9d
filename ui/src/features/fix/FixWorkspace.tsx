import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useCallback, useState } from "react";
import type { FieldInfo } from "../../api";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNotice } from "../../components/ErrorNotice";
import { IconFilter } from "../../components/icons";
import { ProgressPanel } from "../../components/ProgressPanel";
import { usePrivacy } from "../../components/privacy";
import { ALL_ROWS, isFiltered } from "../../components/rowQuery";
import classes from "./Fix.module.css";
import { type CellAt, type CellEdit, FixGrid, type HoveredCell } from "./FixGrid";
import type { FixProps } from "./FixScreen";
import { HoverStory } from "./HoverStory";
import { ReplaceDialog } from "./ReplaceDialog";
import { SidePanel } from "./SidePanel";
import { SpellingsDialog } from "./SpellingsDialog";
import { StatusBar } from "./StatusBar";
import { Toolbar } from "./Toolbar";
import { useAlike } from "./useAlike";
import { useFixActions } from "./useFixActions";
import { useOperations } from "./useOperations";
import { WhyPanel } from "./WhyPanel";

type Dialog = "replace" | "spellings" | null;

/** Shortcuts; those that a text field has itself (undo) leave text fields alone. */
function useShortcuts(open: (dialog: Dialog) => void, undo: () => void, redo: () => void, why: () => void) {
  useHotkeys(
    [
      ["mod+F", () => open("replace")],
      ["mod+H", () => open("replace")],
      ["F1", why],
    ],
    [],
  );
  useHotkeys([
    ["mod+Z", undo],
    ["mod+shift+Z", redo],
    ["mod+Y", redo],
    ["alt+Enter", why],
  ]);
}

function NothingFound({ onClear }: { onClear: () => void }) {
  return (
    <div className={classes.overlay}>
      <EmptyState
        icon={<IconFilter size={26} />}
        title="No rows found"
        actions={
          <Button variant="default" onClick={onClear} data-testid="clear-filters-empty">
            Clear filters
          </Button>
        }
      >
        No row fits everything that is chosen on the left and above.
      </EmptyState>
    </div>
  );
}

/** The grid of rows with what is wrong on its left, tools above, and the reasons on its right. */
export function FixWorkspace({ view, query, onQuery, fields }: FixProps & { fields: FieldInfo[] }) {
  const operations = useOperations(view);
  const { hidden } = usePrivacy();
  const [found, setFound] = useState<number | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [retries, setRetries] = useState(0);
  const [selected, setSelected] = useState<number[]>([]);
  const [focused, setFocused] = useState<CellAt | null>(null);
  const [hovered, setHovered] = useState<HoveredCell | null>(null);
  const [whyOpen, setWhyOpen] = useState(false);
  const [dialog, setDialog] = useState<Dialog>(null);
  const { alike, look, forget } = useAlike(view.id);
  const clear = () => onQuery({ ...ALL_ROWS, sort: query.sort });
  const toggleWhy = () => setWhyOpen((open) => !open);
  const edit = async (made: CellEdit) => {
    forget();
    const taken = await operations.add({
      kind: "edit_cell",
      row: made.row,
      field: made.field,
      value: made.value,
    });
    if (taken) look(made);
    return taken;
  };
  useShortcuts(setDialog, operations.undoLast, operations.redo, toggleWhy);
  useFixActions({
    operations,
    query,
    selected,
    found,
    onDialog: setDialog,
    onWhy: toggleWhy,
    onClear: clear,
  });
  const foundRows = useCallback((total: number) => {
    setFailure(null);
    setFound(total);
  }, []);
  return (
    <div className={classes.layout} data-why={whyOpen}>
      <SidePanel view={view} fields={fields} query={query} onQuery={onQuery} operations={operations} />
      <div className={classes.center}>
        <Toolbar
          counts={view.counts}
          query={query}
          onQuery={onQuery}
          selected={selected}
          found={found}
          operations={operations}
          whyOpen={whyOpen}
          onWhy={toggleWhy}
          onDialog={setDialog}
        />
        {operations.error !== null && (
          <div className={classes.notice}>
            <ErrorNotice error={operations.error}>
              <Button size="xs" variant="default" onClick={operations.dismissError}>
                Dismiss
              </Button>
            </ErrorNotice>
          </div>
        )}
        {failure !== null && (
          <div className={classes.notice}>
            <ErrorNotice error={failure} retry={() => setRetries((n) => n + 1)} />
          </div>
        )}
        <div className={classes.gridArea}>
          <FixGrid
            importId={view.id}
            fields={fields}
            query={query}
            version={operations.version + retries}
            hidden={hidden}
            narrowed={whyOpen}
            onSort={(sort) => onQuery({ ...query, sort })}
            onFound={foundRows}
            onFailure={setFailure}
            onSelect={setSelected}
            onFocus={setFocused}
            onHover={setHovered}
            onEdit={edit}
          />
          {found === 0 && failure === null && <NothingFound onClear={clear} />}
        </div>
        <StatusBar
          found={found}
          filtered={isFiltered(query)}
          selected={selected.length}
          alike={alike}
          onAlike={async () => {
            if (alike && (await operations.add(alike.operation))) forget();
          }}
          onForget={forget}
          onClear={clear}
        />
      </div>
      {whyOpen && (
        <WhyPanel importId={view.id} cell={focused} fields={fields} onClose={() => setWhyOpen(false)} />
      )}
      {hovered && !whyOpen && <HoverStory importId={view.id} cell={hovered} fields={fields} />}
      <ReplaceDialog
        importId={view.id}
        opened={dialog === "replace"}
        fields={fields}
        initialField={focused?.field ?? null}
        operations={operations}
        onClose={() => setDialog(null)}
      />
      <SpellingsDialog
        importId={view.id}
        opened={dialog === "spellings"}
        fields={fields}
        operations={operations}
        onClose={() => setDialog(null)}
      />
      <ProgressPanel name={operations.job} title="Applying the step" floating />
    </div>
  );
}
