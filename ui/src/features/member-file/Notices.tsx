import { Alert, List } from "@mantine/core";
import { useState } from "react";
import type { MemberFileView } from "../../api";
import { plural } from "../../components/format";
import { IconAlert, IconInfo } from "../../components/icons";
import classes from "./MemberFile.module.css";

/** What a person should know of the file before saving it. */
export function Notices({ file }: { file: MemberFileView }) {
  const [closed, setClosed] = useState(false);
  const faults = file.faults.map(
    ({ label, rows, line }) =>
      `${label}: ${plural(rows, "row")}${line === null ? "" : `, the first on line ${line}`}.`,
  );
  const said = [...(file.blocked ? [file.blocked] : []), ...faults, ...file.notes];
  if (closed || said.length === 0) return null;
  const serious = file.blocked !== null || faults.length > 0;
  return (
    <div className={classes.notice}>
      <Alert
        color={serious ? "yellow" : "gray"}
        variant="light"
        p="xs"
        icon={serious ? <IconAlert /> : <IconInfo />}
        withCloseButton={file.blocked === null}
        closeButtonLabel="Dismiss"
        onClose={() => setClosed(true)}
        data-testid="member-notices"
      >
        <List size="sm" listStyleType={said.length === 1 ? "none" : undefined}>
          {said.map((text) => (
            <List.Item key={text}>{text}</List.Item>
          ))}
        </List>
      </Alert>
    </div>
  );
}
