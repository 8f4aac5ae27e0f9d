import { ActionIcon, Button, Menu, SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { type RefObject, useEffect, useRef, useState } from "react";
import type { MemberFileView, MemberRow, MemberRowQuery } from "../../api";
import { count } from "../../components/format";
import {
  IconDown,
  IconList,
  IconPlus,
  IconRedo,
  IconRestore,
  IconSearch,
  IconTrash,
  IconUndo,
} from "../../components/icons";
import { MOD } from "../../components/labels";
import classes from "./MemberFile.module.css";
import type { MemberFileActions } from "./useMemberFile";

type Props = {
  file: MemberFileView;
  actions: MemberFileActions;
  query: MemberRowQuery;
  onQuery: (query: MemberRowQuery) => void;
  selected: MemberRow[];
  found: number | null;
  searchRef: RefObject<HTMLInputElement | null>;
  onAdd: () => void;
  onSteps: () => void;
};

function Search({ query, onQuery, searchRef }: Pick<Props, "query" | "onQuery" | "searchRef">) {
  const [text, setText] = useState(query.search ?? "");
  const latest = useRef({ query, onQuery });
  useEffect(() => {
    latest.current = { query, onQuery };
  });
  useEffect(() => setText(query.search ?? ""), [query.search]);
  const search = useDebouncedCallback((typed: string) => {
    latest.current.onQuery({ ...latest.current.query, search: typed.trim() || null });
  }, 300);
  return (
    <TextInput
      ref={searchRef}
      size="xs"
      className={classes.search}
      aria-label="Search the rows"
      placeholder="Search the rows"
      leftSection={<IconSearch size={15} />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        search(event.currentTarget.value);
      }}
      data-testid="member-search"
    />
  );
}

function RowsMenu({
  actions,
  query,
  selected,
  found,
}: Pick<Props, "actions" | "query" | "selected" | "found">) {
  const gone = selected.filter((row) => row.state === "deleted").map((row) => row.row);
  const there = selected.filter((row) => row.state !== "deleted").map((row) => row.row);
  const filtered = query.unsaved || query.search !== null;
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconTrash size={16} />}
          rightSection={<IconDown size={14} />}
          disabled={actions.busy}
          data-testid="member-rows-menu"
        >
          Delete
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconTrash size={16} />}
          disabled={there.length === 0}
          onClick={() => actions.delete({ kind: "rows", rows: there })}
          data-testid="member-delete-selected"
        >
          {there.length === 0 ? "Delete selected rows" : `Delete ${count(there.length)} selected`}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconRestore size={16} />}
          disabled={gone.length === 0}
          onClick={() => actions.bringBack({ kind: "rows", rows: gone })}
          data-testid="member-restore-selected"
        >
          {gone.length === 0 ? "Bring selected rows back" : `Bring ${count(gone.length)} selected back`}
        </Menu.Item>
        {filtered && !query.unsaved && (
          <>
            <Menu.Divider />
            <Menu.Item
              leftSection={<IconTrash size={16} />}
              disabled={!found}
              onClick={() => actions.delete({ kind: "found", query })}
              data-testid="member-delete-found"
            >
              Delete all {count(found ?? 0)} found
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Steps({ file, actions, onSteps }: Pick<Props, "file" | "actions" | "onSteps">) {
  return (
    <>
      <ActionIcon
        size={30}
        variant="default"
        disabled={!file.undo || actions.busy}
        onClick={actions.undo}
        aria-label={file.undo ? `Undo: ${file.undo}` : "Undo"}
        title={file.undo ? `Undo: ${file.undo} (${MOD} Z)` : undefined}
        data-testid="member-undo"
      >
        <IconUndo size={16} />
      </ActionIcon>
      <ActionIcon
        size={30}
        variant="default"
        disabled={!file.redo || actions.busy}
        onClick={actions.redo}
        aria-label={file.redo ? `Redo: ${file.redo}` : "Redo"}
        title={file.redo ? `Redo: ${file.redo} (${MOD} Shift Z)` : undefined}
        data-testid="member-redo"
      >
        <IconRedo size={16} />
      </ActionIcon>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconList size={16} />}
        onClick={onSteps}
        data-testid="member-steps"
      >
        Steps
      </Button>
    </>
  );
}

/** Which rows are shown, and what can be done with them. */
export function MemberToolbar(props: Props) {
  const { file, actions, query, onQuery } = props;
  const label = (name: string, text: string, rows: number) => (
    <span data-testid={`member-show-${name}`}>
      {text} <span className="numeric">{count(rows)}</span>
    </span>
  );
  return (
    <div className={classes.toolbar} role="toolbar" aria-label="Rows">
      <SegmentedControl
        size="xs"
        aria-label="Rows shown"
        value={query.unsaved ? "unsaved" : "all"}
        onChange={(value) => onQuery({ ...query, unsaved: value === "unsaved" })}
        data={[
          { value: "all", label: label("all", "All", file.rows) },
          { value: "unsaved", label: label("unsaved", "Not saved", actions.unsaved) },
        ]}
      />
      <Search query={query} onQuery={onQuery} searchRef={props.searchRef} />
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={16} />}
        disabled={actions.busy}
        onClick={props.onAdd}
        data-testid="member-add"
      >
        Add row
      </Button>
      <RowsMenu {...props} />
      <Steps file={file} actions={actions} onSteps={props.onSteps} />
    </div>
  );
}
