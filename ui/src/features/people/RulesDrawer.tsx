import { Button, Drawer, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type SurvivorshipView, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { useJobMutation } from "../../components/jobs";
import { ProgressPanel } from "../../components/ProgressPanel";
import { keys } from "../../components/queryKeys";
import classes from "./Dialogs.module.css";
import { RuleSections } from "./RuleSections";
import { RulesEffect } from "./RulesEffect";
import { complete } from "./survivorship";
import { takePeople } from "./takePeople";

type Props = { importId: number; onClose: () => void; onSay: (words: string) => void };

/** The rules as they are changed, what they would do, and setting them. */
function useRules({ importId, onClose, onSay }: Props, view: SurvivorshipView) {
  const api = useApi();
  const client = useQueryClient();
  const job = `people-rules-${importId}`;
  const [settings, setSettings] = useState(() => complete(view.settings));
  const [settled] = useDebouncedValue(settings, 300);
  const isChanged = JSON.stringify(settings) !== JSON.stringify(complete(view.settings));
  const preview = useQuery({
    queryKey: [...keys.people(importId), "rules", settled],
    queryFn: () => api.survivorshipPreview(importId, settled),
    // Not the settings of a moment ago: their effect would be shown as that of these.
    enabled: isChanged && settled === settings,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  });
  const apply = useJobMutation(
    job,
    (_: undefined, id) => api.survivorshipSet(importId, settings, id),
    (people) => {
      client.removeQueries({ queryKey: [...keys.people(importId), "survivorship"] });
      void takePeople(client, importId, people);
      onSay("The rules are set.");
      onClose();
    },
  );
  const isPreviewed = settled === settings && preview.data !== undefined && !preview.isPlaceholderData;
  const canApply = isChanged && isPreviewed && preview.data?.problems.length === 0;
  return { job, settings, setSettings, isChanged, preview, apply, canApply };
}

function Form({ view, ...props }: Props & { view: SurvivorshipView }) {
  const { job, settings, setSettings, isChanged, preview, apply, canApply } = useRules(props, view);
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Where the records of a person differ, these rules choose the value. What a person decided stays.
      </Text>
      <RuleSections settings={settings} clubs={view.clubs} onChange={setSettings} />
      <div className={classes.foot}>
        {isChanged && <RulesEffect preview={preview.data} />}
        <ErrorNotice error={preview.error} retry={() => preview.refetch()} />
        <ErrorNotice error={apply.failure} />
        <ProgressPanel name={job} title="Choosing the values" />
        <Group justify="flex-end" mt="sm">
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button
            disabled={!canApply}
            loading={apply.isPending}
            onClick={() => apply.mutate(undefined)}
            data-testid="rules-apply"
          >
            Apply
          </Button>
        </Group>
      </div>
    </Stack>
  );
}

function Loaded(props: Props) {
  const api = useApi();
  const view = useQuery({
    queryKey: [...keys.people(props.importId), "survivorship"],
    queryFn: () => api.survivorship(props.importId),
    staleTime: 0,
    gcTime: 0,
  });
  if (view.data) return <Form {...props} view={view.data} />;
  if (view.error) return <ErrorNotice error={view.error} retry={() => view.refetch()} />;
  return <Skeleton height={320} aria-hidden="true" />;
}

/** Survivorship: whose value of each field wins, tried on the real rows before it is set. */
export function RulesDrawer({ opened, ...rest }: Props & { opened: boolean }) {
  return (
    <Drawer
      opened={opened}
      onClose={rest.onClose}
      position="right"
      size={620}
      title="Rules: whose value wins"
    >
      <Loaded {...rest} />
    </Drawer>
  );
}
