import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useCallback, useEffect, useRef, useState } from "react";
import type { MemberFileView, MemberRow, MemberRowQuery } from "../../api";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNotice } from "../../components/ErrorNotice";
import { IconFilter } from "../../components/icons";
import { ProgressPanel } from "../../components/ProgressPanel";
import { usePrivacy } from "../../components/privacy";
import { type Discard, DiscardDialog } from "./DiscardDialog";
import classes from "./MemberFile.module.css";
import { MemberFileHead } from "./MemberFileHead";
import { type MemberCellAt, MemberGrid } from "./MemberGrid";
import { MemberStatus } from "./MemberStatus";
import { MemberToolbar } from "./MemberToolbar";
import { Notices } from "./Notices";
import { StepsDrawer } from "./StepsDrawer";
import { JOB, type MemberFileActions, useMemberFile } from "./useMemberFile";
import { useMemberFileActions } from "./useMemberFileActions";
import { VersionsDrawer } from "./VersionsDrawer";

const ALL: MemberRowQuery = { unsaved: false, search: null, sort: [] };

function NothingFound({ query, onClear }: { query: MemberRowQuery; onClear: () => void }) {
  const filtered = query.unsaved || query.search !== null;
  return (
    <div className={classes.overlay}>
      <EmptyState
        icon={<IconFilter size={26} />}
        title={filtered ? "No rows found" : "The file has no rows"}
        actions={
          filtered && (
            <Button variant="default" onClick={onClear} data-testid="member-clear">
              Show all rows
            </Button>
          )
        }
      >
        {query.unsaved && query.search === null
          ? "Everything is saved."
          : filtered
            ? "No row has all of these words."
            : "Add the first one with Add row."}
      </EmptyState>
    </div>
  );
}

function Failure({ actions, onDiscard }: { actions: MemberFileActions; onDiscard: (what: Discard) => void }) {
  if (actions.error === null) return null;
  return (
    <div className={classes.notice}>
      <ErrorNotice error={actions.error}>
        {actions.refused && (
          <>
            <Button size="xs" onClick={actions.saveAs} data-testid="member-error-save-as">
              Save as…
            </Button>
            <Button
              size="xs"
              variant="default"
              onClick={() => onDiscard({ kind: "reload" })}
              data-testid="member-error-reload"
            >
              Reload…
            </Button>
          </>
        )}
        <Button size="xs" variant="default" onClick={actions.dismissError}>
          Dismiss
        </Button>
      </ErrorNotice>
    </div>
  );
}

/** The open file: its rows in a grid, what is not saved yet, and everything that can be done with it. */
export function MemberFileWorkspace({ file }: { file: MemberFileView }) {
  const actions = useMemberFile(file);
  const { hidden } = usePrivacy();
  const [query, setQuery] = useState(ALL);
  const [found, setFound] = useState<number | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [retries, setRetries] = useState(0);
  const [selected, setSelected] = useState<MemberRow[]>([]);
  const [focused, setFocused] = useState<MemberCellAt | null>(null);
  const [drawer, setDrawer] = useState<"steps" | "versions" | null>(null);
  const [discard, setDiscard] = useState<Discard | null>(null);
  const search = useRef<HTMLInputElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another file starts with all its rows
  useEffect(() => {
    setQuery(ALL);
    setFocused(null);
  }, [file.id]);
  const add = () => {
    setQuery(ALL);
    actions.add();
  };
  /** Asks first where changes would be lost. */
  const unlessUnsaved = (what: Discard) => {
    if (actions.unsaved > 0) setDiscard(what);
    else run(what);
  };
  const run = (what: Discard) => {
    setDiscard(null);
    setDrawer(null);
    if (what.kind === "restore") actions.restore(what.version.id);
    else actions[what.kind]();
  };
  useHotkeys(
    [
      ["mod+S", () => actions.save()],
      ["mod+F", () => search.current?.focus()],
    ],
    [],
  );
  useHotkeys([
    ["mod+Z", () => actions.undo()],
    ["mod+shift+Z", () => actions.redo()],
    ["mod+Y", () => actions.redo()],
  ]);
  useMemberFileActions({
    file,
    actions,
    selected,
    onAdd: add,
    onDrawer: setDrawer,
    onDiscard: unlessUnsaved,
  });
  const foundRows = useCallback((total: number) => {
    setFailure(null);
    setFound(total);
  }, []);
  const focus = (cell: MemberCellAt | null) => {
    setFocused(cell);
    if (cell?.row.row !== focused?.row.row || cell?.column !== focused?.column) actions.forgetNote();
  };
  return (
    <div className={classes.screen}>
      <MemberFileHead file={file} actions={actions} onDrawer={setDrawer} onDiscard={unlessUnsaved} />
      <MemberToolbar
        file={file}
        actions={actions}
        query={query}
        onQuery={setQuery}
        selected={selected}
        found={found}
        searchRef={search}
        onAdd={add}
        onSteps={() => setDrawer("steps")}
      />
      <Failure actions={actions} onDiscard={unlessUnsaved} />
      {failure !== null && (
        <div className={classes.notice}>
          <ErrorNotice error={failure} retry={() => setRetries((n) => n + 1)} />
        </div>
      )}
      <Notices key={file.id} file={file} />
      <div className={classes.gridArea}>
        <MemberGrid
          fileId={file.id}
          columns={file.columns}
          query={query}
          version={actions.version + retries}
          toEnd={actions.toEnd}
          hidden={hidden}
          onFound={foundRows}
          onFailure={setFailure}
          onSelect={setSelected}
          onFocus={focus}
          onEdit={actions.edit}
        />
        {found === 0 && failure === null && <NothingFound query={query} onClear={() => setQuery(ALL)} />}
      </div>
      <MemberStatus
        file={file}
        query={query}
        found={found}
        selected={selected}
        focused={focused}
        note={actions.note}
      />
      <StepsDrawer
        file={file}
        actions={actions}
        opened={drawer === "steps"}
        onClose={() => setDrawer(null)}
      />
      <VersionsDrawer
        file={file}
        opened={drawer === "versions"}
        onClose={() => setDrawer(null)}
        onRestore={(version) => setDiscard({ kind: "restore", version })}
      />
      <DiscardDialog
        what={discard}
        unsaved={actions.unsaved}
        onClose={() => setDiscard(null)}
        onConfirm={run}
      />
      <ProgressPanel name={JOB} title="Working on the file" floating />
    </div>
  );
}
