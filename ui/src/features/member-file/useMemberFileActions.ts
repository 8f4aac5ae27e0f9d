import type { MemberFileView, MemberRow } from "../../api";
import { type Action, useActions } from "../../components/actions";
import { plural } from "../../components/format";
import { MOD } from "../../components/labels";
import type { Discard } from "./DiscardDialog";
import type { MemberFileActions } from "./useMemberFile";

type Wanted = {
  file: MemberFileView;
  actions: MemberFileActions;
  selected: MemberRow[];
  onAdd: () => void;
  onDrawer: (drawer: "steps" | "versions") => void;
  onDiscard: (what: Discard) => void;
};

/** What the screen offers in the command palette. */
export function useMemberFileActions({ file, actions, selected, onAdd, onDrawer, onDiscard }: Wanted) {
  const group = "Member file";
  const offered: Action[] = [
    { id: "member-add", label: "Add a row", group, run: onAdd },
    { id: "member-save-as", label: "Save as another file…", group, run: actions.saveAs },
    { id: "member-versions", label: "Previous versions…", group, run: () => onDrawer("versions") },
    { id: "member-steps", label: "Steps of this session…", group, run: () => onDrawer("steps") },
    {
      id: "member-reload",
      label: "Reload the file from the disk",
      group,
      run: () => onDiscard({ kind: "reload" }),
    },
    {
      id: "member-file-open",
      label: "Open another member file…",
      group,
      run: () => onDiscard({ kind: "open" }),
    },
    { id: "member-close", label: "Close the member file", group, run: () => onDiscard({ kind: "close" }) },
  ];
  if (actions.unsaved > 0 && file.blocked === null) {
    offered.unshift({
      id: "member-save",
      label: "Save the member file",
      group,
      shortcut: `${MOD} S`,
      run: actions.save,
    });
  }
  if (file.undo) {
    offered.push({
      id: "member-undo",
      label: `Undo: ${file.undo}`,
      group,
      shortcut: `${MOD} Z`,
      run: actions.undo,
    });
  }
  if (file.redo) {
    offered.push({
      id: "member-redo",
      label: `Redo: ${file.redo}`,
      group,
      shortcut: `${MOD} Shift Z`,
      run: actions.redo,
    });
  }
  const there = selected.filter((row) => row.state !== "deleted").map((row) => row.row);
  if (there.length > 0) {
    offered.push({
      id: "member-delete",
      label: `Delete ${plural(there.length, "selected row")}`,
      group,
      run: () => actions.delete({ kind: "rows", rows: there }),
    });
  }
  useActions(offered);
}
