import { Kbd } from "@mantine/core";
import { Spotlight } from "@mantine/spotlight";
import { useAllActions } from "../components/actions";
import { IconSearch } from "../components/icons";

/** Ctrl/⌘ K: every action that is possible now, by name. */
export function CommandPalette() {
  const actions = useAllActions();
  const groups = [...new Set(actions.map((action) => action.group))].map((group) => ({
    group,
    actions: actions
      .filter((action) => action.group === group)
      .map((action) => ({
        id: action.id,
        label: action.label,
        onClick: action.run,
        rightSection: action.shortcut ? <Kbd size="xs">{action.shortcut}</Kbd> : undefined,
      })),
  }));
  return (
    <Spotlight
      actions={groups}
      shortcut={["mod + K"]}
      nothingFound="No command has that name"
      scrollable
      maxHeight={420}
      highlightQuery
      attributes={{ content: { "aria-label": "Commands" } }}
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: "What do you want to do?",
        "aria-label": "Command",
      }}
    />
  );
}
