import { Button, Menu, Title } from "@mantine/core";
import type { MemberFileView } from "../../api";
import { plural } from "../../components/format";
import {
  IconCross,
  IconDots,
  IconFile,
  IconHistory,
  IconRefresh,
  IconSave,
  IconSheet,
  IconUpload,
} from "../../components/icons";
import { MOD } from "../../components/labels";
import { Pill } from "../../components/Pill";
import type { Discard } from "./DiscardDialog";
import classes from "./MemberFile.module.css";
import type { MemberFileActions } from "./useMemberFile";

type Props = {
  file: MemberFileView;
  actions: MemberFileActions;
  onDrawer: (drawer: "steps" | "versions") => void;
  onDiscard: (what: Discard) => void;
};

function MoreMenu({ actions, onDrawer, onDiscard }: Omit<Props, "file">) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconDots size={16} />}
          disabled={actions.busy}
          data-testid="member-more"
        >
          More
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconSave size={16} />} onClick={actions.saveAs} data-testid="member-save-as">
          Save as another file…
        </Menu.Item>
        <Menu.Item
          leftSection={<IconHistory size={16} />}
          onClick={() => onDrawer("versions")}
          data-testid="member-versions"
        >
          Previous versions…
        </Menu.Item>
        <Menu.Item
          leftSection={<IconRefresh size={16} />}
          onClick={() => onDiscard({ kind: "reload" })}
          data-testid="member-reload"
        >
          Reload from the disk
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconCross size={16} />}
          onClick={() => onDiscard({ kind: "close" })}
          data-testid="member-close"
        >
          Close the file
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The file's name, whether it is saved, and what concerns the file as a whole. */
export function MemberFileHead(props: Props) {
  const { file, actions, onDiscard } = props;
  return (
    <header className={classes.head}>
      <div className={classes.name}>
        {file.format === "xlsx" ? <IconSheet size={22} /> : <IconFile size={22} />}
        <Title order={1} className="one-line" title={file.name} data-testid="member-file-name">
          {file.name}
        </Title>
        <output aria-live="polite" data-testid="member-unsaved">
          {actions.unsaved > 0 ? (
            <Pill tone="warning">{plural(actions.unsaved, "row")} not saved</Pill>
          ) : (
            <Pill tone="good">Saved</Pill>
          )}
        </output>
      </div>
      <div className={classes.end}>
        <Button
          variant="default"
          leftSection={<IconUpload size={16} />}
          disabled={actions.busy}
          onClick={() => onDiscard({ kind: "open" })}
          data-testid="member-file-open"
        >
          Open…
        </Button>
        <MoreMenu {...props} />
        <Button
          leftSection={<IconSave size={16} />}
          disabled={actions.busy || actions.unsaved === 0 || file.blocked !== null}
          onClick={actions.save}
          title={`Save (${MOD} S)`}
          data-testid="member-save"
        >
          Save
        </Button>
      </div>
    </header>
  );
}
