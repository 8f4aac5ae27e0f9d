import { Button, Drawer, Group, SegmentedControl, Skeleton, Stack, Switch, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type CompanyConflict, type SurvivorshipView, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { useJobMutation } from "../../components/jobs";
import { ProgressPanel } from "../../components/ProgressPanel";
import { keys } from "../../components/queryKeys";
import { ClubOrder } from "./ClubOrder";
import classes from "./Dialogs.module.css";
import { FieldGroups } from "./FieldGroups";
import { FieldRules } from "./FieldRules";
import { RulesEffect } from "./RulesEffect";
import { complete, completeOrder } from "./survivorship";
import { takePeople } from "./takePeople";

type Props = { importId: number; onClose: () => void; onSay: (words: string) => void };

function Form({ importId, view, onClose, onSay }: Props & { view: SurvivorshipView }) {
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
  const hasProblems = (preview.data?.problems.length ?? 0) > 0;
  const part = { settings, onChange: setSettings };
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Where the records of a person differ, these rules choose the value. What a person decided stays.
      </Text>
      <section aria-labelledby="rules-company">
        <Title order={3} id="rules-company" mb={6}>
          Companies differ
        </Title>
        <SegmentedControl
          size="xs"
          aria-labelledby="rules-company"
          data={[
            { value: "ask", label: "Ask a person" },
            { value: "follow_rule", label: "Follow the rule of the field" },
          ]}
          value={settings.company_conflict}
          onChange={(value) => setSettings({ ...settings, company_conflict: value as CompanyConflict })}
          data-testid="rules-company-conflict"
        />
      </section>
      <section aria-labelledby="rules-order">
        <Title order={3} id="rules-order" mb={6}>
          Clubs, the most trusted first
        </Title>
        <ClubOrder
          label="Clubs, the most trusted first"
          order={completeOrder(settings.source_order, view.clubs)}
          onOrder={(order) => setSettings({ ...settings, source_order: order })}
        />
      </section>
      <section aria-labelledby="rules-fields">
        <Title order={3} id="rules-fields" mb={6}>
          Whose value wins
        </Title>
        <FieldRules {...part} clubs={view.clubs} />
      </section>
      <section aria-labelledby="rules-groups">
        <Title order={3} id="rules-groups">
          Fields that move together
        </Title>
        <Text size="xs" c="dimmed" mb={6}>
          They are taken from one record; the first field of a group chooses it.
        </Text>
        <FieldGroups {...part} />
      </section>
      <Switch
        label="Lists may overwrite what a person typed into the database"
        checked={settings.overwrite_hand_edits}
        onChange={(event) => setSettings({ ...settings, overwrite_hand_edits: event.currentTarget.checked })}
        data-testid="rules-hand-edits"
      />
      <div className={classes.foot}>
        {isChanged && <RulesEffect preview={preview.data} />}
        <ErrorNotice error={preview.error} retry={() => preview.refetch()} />
        <ErrorNotice error={apply.failure} />
        <ProgressPanel name={job} title="Choosing the values" />
        <Group justify="flex-end" mt="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={!isChanged || hasProblems || !isPreviewed}
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
