import { Button, Menu, SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import type { Counts, RowClass, RowQuery } from "../../api";
import { count } from "../../components/format";
import {
  IconDown,
  IconExclude,
  IconMerge,
  IconQuestion,
  IconReplace,
  IconRestore,
  IconSearch,
} from "../../components/icons";
import { CLASS_LABELS, MOD } from "../../components/labels";
import classes from "./Fix.module.css";
import type { Operations } from "./useOperations";

type Props = {
  counts: Counts | null;
  query: RowQuery;
  onQuery: (query: RowQuery) => void;
  selected: number[];
  found: number | null;
  operations: Operations;
  whyOpen: boolean;
  onWhy: () => void;
  onDialog: (dialog: "replace" | "spellings") => void;
};

const CLASSES: RowClass[] = ["clean", "suspect", "rejected", "excluded"];

function ClassFilter({ counts, query, onQuery }: Pick<Props, "counts" | "query" | "onQuery">) {
  const label = (name: string, text: string, rows: number | undefined) => (
    <span data-testid={`class-${name}`}>
      {text} {rows !== undefined && <span className="numeric">{count(rows)}</span>}
    </span>
  );
  return (
    <SegmentedControl
      size="xs"
      aria-label="Rows shown"
      value={query.class ?? "all"}
      onChange={(value) => onQuery({ ...query, class: value === "all" ? null : (value as RowClass) })}
      data={[
        { value: "all", label: label("all", "All", counts?.read) },
        ...CLASSES.map((name) => ({ value: name, label: label(name, CLASS_LABELS[name], counts?.[name]) })),
      ]}
    />
  );
}

function Search({ query, onQuery }: Pick<Props, "query" | "onQuery">) {
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
      data-testid="row-search"
    />
  );
}

function ExcludeMenu({
  selected,
  found,
  operations,
  query,
}: Pick<Props, "selected" | "found" | "operations" | "query">) {
  const none = selected.length === 0;
  const number = count(selected.length);
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          size="xs"
          px={8}
          className={classes.tool}
          variant="default"
          leftSection={<IconExclude size={16} />}
          rightSection={<IconDown size={14} />}
          disabled={operations.busy}
          title="Exclude or restore rows"
          data-testid="rows-menu"
        >
          <span className={classes.toolLabel}>Exclude</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconExclude size={16} />}
          disabled={none}
          onClick={() => operations.add({ kind: "exclude_rows", rows: selected })}
          data-testid="exclude-selected"
        >
          {none ? "Exclude selected rows" : `Exclude ${number} selected`}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconRestore size={16} />}
          disabled={none}
          onClick={() => operations.add({ kind: "restore_rows", rows: selected })}
          data-testid="restore-selected"
        >
          {none ? "Restore selected rows" : `Restore ${number} selected`}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconExclude size={16} />}
          disabled={!found}
          onClick={() => operations.add({ kind: "exclude_found", query })}
          data-testid="exclude-found"
        >
          Exclude all {count(found ?? 0)} found
        </Menu.Item>
        <Menu.Item
          leftSection={<IconRestore size={16} />}
          disabled={!found}
          onClick={() => operations.add({ kind: "restore_found", query })}
          data-testid="restore-found"
        >
          Restore all {count(found ?? 0)} found
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Which rows are shown, and what can be done with them. */
export function Toolbar(props: Props) {
  const { query, onQuery, whyOpen, onWhy, onDialog } = props;
  return (
    <div className={classes.toolbar} role="toolbar" aria-label="Rows">
      <ClassFilter counts={props.counts} query={query} onQuery={onQuery} />
      <Search query={query} onQuery={onQuery} />
      <ExcludeMenu
        selected={props.selected}
        found={props.found}
        operations={props.operations}
        query={query}
      />
      <Button
        size="xs"
        px={8}
        className={classes.tool}
        variant="default"
        leftSection={<IconReplace size={16} />}
        onClick={() => onDialog("replace")}
        title={`Find and replace (${MOD} F)`}
        data-testid="replace-open"
      >
        <span className={classes.toolLabel}>Replace</span>
      </Button>
      <Button
        size="xs"
        px={8}
        className={classes.tool}
        variant="default"
        leftSection={<IconMerge size={16} />}
        onClick={() => onDialog("spellings")}
        title="Merge near spellings"
        data-testid="spellings-open"
      >
        <span className={classes.toolLabel}>Spellings</span>
      </Button>
      <Button
        size="xs"
        px={8}
        className={classes.tool}
        variant={whyOpen ? "light" : "default"}
        leftSection={<IconQuestion size={16} />}
        aria-pressed={whyOpen}
        onClick={onWhy}
        title="Why is this cell as it is? (F1)"
        data-testid="why-toggle"
      >
        <span className={classes.toolLabel}>Why?</span>
      </Button>
    </div>
  );
}
