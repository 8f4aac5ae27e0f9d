import { Button, Drawer, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type MemberFileView, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { IconRedo, IconUndo } from "../../components/icons";
import { keys } from "../../components/queryKeys";
import classes from "./MemberFile.module.css";
import type { MemberFileActions } from "./useMemberFile";

type Props = { file: MemberFileView; actions: MemberFileActions; opened: boolean; onClose: () => void };

/** What was done since the file was opened, the newest first. */
export function StepsDrawer({ file, actions, opened, onClose }: Props) {
  const api = useApi();
  const steps = useQuery({
    queryKey: [...keys.memberFileLists, "steps", file.id],
    queryFn: () => api.memberFileSteps(file.id),
    enabled: opened,
  });
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size={360} title="Steps of this session">
      <Stack>
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconUndo size={16} />}
            disabled={!file.undo || actions.busy}
            onClick={actions.undo}
            data-testid="member-steps-undo"
          >
            Undo
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRedo size={16} />}
            disabled={!file.redo || actions.busy}
            onClick={actions.redo}
          >
            Redo
          </Button>
        </Group>
        <ErrorNotice error={steps.error} retry={() => steps.refetch()} />
        {steps.isLoading && <Skeleton height={120} aria-hidden="true" />}
        {steps.data?.length === 0 && <Text c="dimmed">Nothing was changed yet.</Text>}
        <ol className={classes.list} aria-label="Steps">
          {steps.data?.map((step) => (
            <li
              key={step.id}
              className={classes.entry}
              data-undone={step.undone}
              data-testid={`member-step-${step.id}`}
            >
              <span>{step.label}</span>
              <Text size="xs" c="dimmed" component="span">
                {step.undone ? "Undone" : step.saved ? "Saved" : "Not saved"}
              </Text>
            </li>
          ))}
        </ol>
      </Stack>
    </Drawer>
  );
}
