import { Button, Drawer, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FileVersion, type MemberFileView, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { fileSize, moment } from "../../components/format";
import { IconRestore } from "../../components/icons";
import { keys } from "../../components/queryKeys";
import classes from "./MemberFile.module.css";

type Props = {
  file: MemberFileView;
  opened: boolean;
  onClose: () => void;
  onRestore: (version: FileVersion) => void;
};

/** The versions that saving replaced, in the folder “previous versions” beside the file. */
export function VersionsDrawer({ file, opened, onClose, onRestore }: Props) {
  const api = useApi();
  const versions = useQuery({
    queryKey: [...keys.memberFileLists, "versions", file.id],
    queryFn: () => api.memberFileVersions(file.id),
    enabled: opened,
  });
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size={400} title="Previous versions">
      <Stack>
        <Text size="sm" c="dimmed">
          They are files in the folder “previous versions” beside {file.name}. Delete there what you do not
          need any more.
        </Text>
        <ErrorNotice error={versions.error} retry={() => versions.refetch()} />
        {versions.isLoading && <Skeleton height={120} aria-hidden="true" />}
        {versions.data?.length === 0 && (
          <Text c="dimmed" data-testid="member-no-versions">
            The file has not been saved here yet, so no version was replaced.
          </Text>
        )}
        <ol className={classes.list} aria-label="Previous versions">
          {versions.data?.map((version) => (
            <li key={version.id} className={classes.entry} data-testid="member-version">
              <div>
                <div>Replaced {moment(version.replaced)}</div>
                <Text size="xs" c="dimmed">
                  {fileSize(version.size)}
                </Text>
              </div>
              <Button
                size="xs"
                variant="default"
                leftSection={<IconRestore size={16} />}
                onClick={() => onRestore(version)}
                data-testid={`member-restore-${version.id}`}
              >
                Restore…
              </Button>
            </li>
          ))}
        </ol>
      </Stack>
    </Drawer>
  );
}
