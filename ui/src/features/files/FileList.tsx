import { ActionIcon, Menu, Select, Text, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import type { DriveState, FileRole, FileView } from "../../api";
import { fileSize, plural } from "../../components/format";
import { IconCompany, IconDots, IconFile, IconRefresh, IconSheet, IconTrash } from "../../components/icons";
import { DriveMark } from "./DriveMark";
import classes from "./FilesScreen.module.css";

type Actions = {
  onSelect: (file: number) => void;
  onSource: (file: number, source: string) => void;
  onRole: (file: number, role: FileRole) => void;
  onReplace: (file: FileView) => void;
  onRemove: (file: FileView) => void;
};

type Drive = {
  driveStates: Map<number, DriveState>;
  driveBusy: boolean;
  onDriveUpdate: (file: number) => void;
  onSignedIn: () => void;
};

const ROLES = [
  { value: "members", label: "Members" },
  { value: "companies", label: "Companies" },
];

/** Saved when the field is left or Enter is pressed; Escape brings the saved name back. */
function SourceInput({ file, onSource }: { file: FileView; onSource: Actions["onSource"] }) {
  const [source, setSource] = useState(file.source);
  useEffect(() => setSource(file.source), [file.source]);
  const save = () => {
    const next = source.trim();
    if (next && next !== file.source) onSource(file.id, next);
    else setSource(file.source);
  };
  return (
    <TextInput
      size="xs"
      label="Club (source)"
      value={source}
      onChange={(event) => setSource(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") setSource(file.source);
      }}
      data-testid={`file-source-${file.id}`}
    />
  );
}

function FileMenu({
  file,
  onReplace,
  onRemove,
}: { file: FileView } & Pick<Actions, "onReplace" | "onRemove">) {
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`More for ${file.name}`}
          data-testid={`file-menu-${file.id}`}
        >
          <IconDots />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconRefresh size={16} />} onClick={() => onReplace(file)}>
          Replace with a newer version…
        </Menu.Item>
        <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={() => onRemove(file)}>
          Remove…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function FileRow({ file, selected, ...actions }: { file: FileView; selected: boolean } & Actions & Drive) {
  const Icon = file.role === "companies" ? IconCompany : file.kind === "workbook" ? IconSheet : IconFile;
  const facts = [file.rows === null ? "not read yet" : plural(file.rows, "row"), fileSize(file.size)];
  if (file.from_drive) facts.push("from Google Drive");
  return (
    <li className={classes.file} data-selected={selected} data-testid="file-row">
      <div className={classes.head}>
        <button
          type="button"
          className={classes.pick}
          aria-pressed={selected}
          onClick={() => actions.onSelect(file.id)}
          data-testid={`file-select-${file.id}`}
        >
          <Icon size={20} className={classes.pickIcon} />
          <span className={classes.pickWords}>
            <Text component="span" display="block" fw={600} size="sm" className="one-line" title={file.name}>
              {file.name}
            </Text>
            <Text component="span" display="block" size="xs" c="dimmed" className="numeric">
              {facts.join(" · ")}
            </Text>
          </span>
        </button>
        <FileMenu file={file} onReplace={actions.onReplace} onRemove={actions.onRemove} />
      </div>
      <div className={classes.fields}>
        {file.role === "companies" ? (
          <Text size="xs" c="dimmed" style={{ alignSelf: "end" }} pb={8}>
            Gives the company ids their names
          </Text>
        ) : (
          <SourceInput file={file} onSource={actions.onSource} />
        )}
        <Select
          size="xs"
          label="Holds"
          data={ROLES}
          value={file.role}
          onChange={(role) => role && actions.onRole(file.id, role as FileRole)}
          data-testid={`file-role-${file.id}`}
        />
      </div>
      <DriveMark
        file={file}
        state={actions.driveStates.get(file.id)}
        busy={actions.driveBusy}
        onUpdate={() => actions.onDriveUpdate(file.id)}
        onSignedIn={actions.onSignedIn}
      />
    </li>
  );
}

/** The files of an import; the chosen one is previewed beside them. */
export function FileList({
  files,
  selected,
  ...actions
}: { files: FileView[]; selected: number | null } & Actions & Drive) {
  return (
    <ul className={classes.list} aria-label="Files">
      {files.map((file) => (
        <FileRow key={file.id} file={file} selected={file.id === selected} {...actions} />
      ))}
    </ul>
  );
}
