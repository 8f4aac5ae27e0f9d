import { Button, Group, Select, Skeleton, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type LogLevel, type LogsConfig, type LogsStep, type LogsView, useApi } from "../../../api";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { Pill } from "../../../components/Pill";
import { keys } from "../../../components/queryKeys";
import { StepTest } from "../../../components/StepTest";
import { Section } from "../Section";
import settings from "../SettingsScreen.module.css";
import { CollectorDialog } from "./CollectorDialog";

const LEVELS: { value: LogLevel; label: string }[] = [
  { value: "off", label: "Nothing" },
  { value: "error", label: "What should not happen" },
  { value: "warn", label: "What did not work" },
  { value: "info", label: "What was done" },
  { value: "debug", label: "Also searches" },
  { value: "trace", label: "All" },
];
const STEPS: { step: LogsStep; label: string }[] = [
  { step: "settings", label: "Settings" },
  { step: "name", label: "Name" },
  { step: "connection", label: "Connection" },
  { step: "tls", label: "Encryption" },
  { step: "logs", label: "A log" },
  { step: "traces", label: "A trace" },
  { step: "metrics", label: "A metric" },
];

/** Whether a collector wants a key. */
const wantsKey = ({ otlp }: LogsConfig) => Boolean(otlp?.datadog_site || otlp?.key_header);

function addressOf({ otlp }: LogsConfig): string | null {
  if (otlp?.datadog_site) return `Datadog (${otlp.datadog_site})`;
  return otlp?.endpoint ?? null;
}

function KeyState() {
  const api = useApi();
  const key = useQuery({ queryKey: keys.logsKey, queryFn: () => api.logsHasKey(), retry: false });
  if (key.error) return <ErrorNotice error={key.error} retry={() => key.refetch()} />;
  if (key.data === undefined) return null;
  return <Pill tone={key.data ? "good" : "warning"}>{key.data ? "Key set" : "No key"}</Pill>;
}

function useSave() {
  const api = useApi();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (config: LogsConfig) => api.logsSave(config),
    onSuccess: (view) => client.setQueryData(keys.logs, view),
  });
}

function File({ view }: { view: LogsView }) {
  const api = useApi();
  const open = useMutation({ mutationFn: () => api.logsOpenFolder() });
  return (
    <>
      <Group justify="space-between" wrap="nowrap">
        <span className={settings.path} data-testid="logs-file">
          {view.file}
        </span>
        <Button size="xs" variant="default" onClick={() => open.mutate()} data-testid="logs-open">
          Open folder
        </Button>
      </Group>
      <ErrorNotice error={open.error} />
    </>
  );
}

type CollectorProps = { view: LogsView; onDo: (doing: "edit" | "test") => void };

function Collector({ view, onDo }: CollectorProps) {
  const address = addressOf(view.settings);
  return (
    <Group justify="space-between" wrap="nowrap">
      <Group gap="xs">
        <Text size="sm" data-testid="logs-collector">
          {address ? `Sent to ${address}` : "Nothing is sent anywhere"}
        </Text>
        {wantsKey(view.settings) && <KeyState />}
      </Group>
      <Group gap="xs" wrap="nowrap">
        <Button size="xs" variant="default" onClick={() => onDo("edit")} data-testid="logs-edit">
          Change…
        </Button>
        {address && (
          <Button
            size="xs"
            variant="default"
            onClick={() => onDo("test")}
            aria-label="Test the collector"
            data-testid="logs-test"
          >
            Test
          </Button>
        )}
      </Group>
    </Group>
  );
}

/** What is logged, where the file is, and where logs, traces and metrics are sent. */
export function LogsSection() {
  const api = useApi();
  const view = useQuery({ queryKey: keys.logs, queryFn: () => api.logsSettings() });
  const save = useSave();
  const [doing, setDoing] = useState<"edit" | "test" | null>(null);
  return (
    <Section title="Logs">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          The log says what was done, how much and how long it took. It never holds a name, a date or another
          value of your lists, and it stays on this computer unless you name a collector.
        </Text>
        <ErrorNotice error={view.error} retry={() => view.refetch()} />
        {view.isPending && <Skeleton height={40} />}
        {view.data && (
          <>
            <Select
              label="What is logged"
              allowDeselect={false}
              data={LEVELS}
              value={view.data.settings.level ?? "info"}
              onChange={(level) => save.mutate({ ...view.data.settings, level: level as LogLevel })}
              data-testid="logs-level"
            />
            <ErrorNotice error={save.error} />
            <File view={view.data} />
            <Collector view={view.data} onDo={setDoing} />
          </>
        )}
      </Stack>
      {doing === "edit" && view.data && (
        <CollectorDialog config={view.data.settings} onClose={() => setDoing(null)} />
      )}
      {doing === "test" && (
        <StepTest
          name="logs-test"
          title="Test of the collector"
          steps={STEPS}
          test={(job) => api.logsTest(job)}
          outcome={{ ok: "Logs, traces and metrics arrive.", failed: "Not all of it arrives yet." }}
          onClose={() => setDoing(null)}
        />
      )}
    </Section>
  );
}
