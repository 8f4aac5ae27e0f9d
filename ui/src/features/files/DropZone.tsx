import { Button, Group, Text, Title } from "@mantine/core";
import { IconPlus, IconUpload } from "../../components/icons";
import classes from "./FilesScreen.module.css";

type Props = {
  compact: boolean;
  over: boolean;
  busy: boolean;
  onChoose: () => void;
  onDrive: () => void;
};

/** Where files are dropped, and the button for those who would rather choose them. */
export function DropZone({ compact, over, busy, onChoose, onDrive }: Props) {
  const button = (
    <Group gap="xs" justify={compact ? "flex-end" : "center"} wrap="nowrap">
      <Button
        leftSection={<IconPlus size={16} />}
        variant={compact ? "default" : "filled"}
        size={compact ? "xs" : "sm"}
        loading={busy}
        onClick={onChoose}
        data-testid="choose-files"
      >
        Choose files…
      </Button>
      <Button
        variant="default"
        size={compact ? "xs" : "sm"}
        disabled={busy}
        onClick={onDrive}
        data-testid="choose-drive"
      >
        Google Drive…
      </Button>
    </Group>
  );
  if (compact) {
    return (
      <div className={classes.zone} data-compact="true" data-over={over} data-testid="drop-zone">
        <Text size="sm" c="dimmed">
          {over ? "Let go to add the files" : "Drop more files here"}
        </Text>
        {button}
      </div>
    );
  }
  return (
    <div className={classes.zone} data-over={over} data-testid="drop-zone">
      <IconUpload size={40} className={classes.zoneIcon} />
      <Title order={2} mt={6}>
        {over ? "Let go to add the files" : "Drop your member lists here"}
      </Title>
      <Text c="dimmed" mb="md" maw={420}>
        CSV, TSV and other text, or Excel and OpenDocument workbooks; several at once. Add a list of companies
        too, if members carry company ids. Your files are copied, never changed.
      </Text>
      {button}
    </div>
  );
}
