import {
  Checkbox,
  Modal,
  PasswordInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type LogsConfig, type OtlpConfig, useApi } from "../../../api";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { FormActions } from "../../../components/FormActions";
import { keys } from "../../../components/queryKeys";

type Place = "nowhere" | "collector" | "datadog";

const SITES = [
  "datadoghq.com",
  "us3.datadoghq.com",
  "us5.datadoghq.com",
  "datadoghq.eu",
  "ap1.datadoghq.com",
  "ap2.datadoghq.com",
  "ddog-gov.com",
];
const NOTHING: OtlpConfig = { endpoint: null, datadog_site: null, key_header: null, insecure: null };

function placeOf({ otlp }: LogsConfig): Place {
  if (otlp?.datadog_site) return "datadog";
  return otlp ? "collector" : "nowhere";
}

/** Only what belongs to the place is sent: what was typed for another one is not the person's wish. */
function otlpOf(place: Place, typed: OtlpConfig): OtlpConfig | null {
  if (place === "nowhere") return null;
  if (place === "datadog") return { ...NOTHING, datadog_site: typed.datadog_site ?? SITES[0] ?? null };
  return {
    ...NOTHING,
    endpoint: typed.endpoint?.trim() ?? "",
    key_header: typed.key_header?.trim() || null,
    insecure: typed.insecure || null,
  };
}

type FieldsProps = { typed: OtlpConfig; set: (change: Partial<OtlpConfig>) => void };

function CollectorFields({ typed, set }: FieldsProps) {
  return (
    <>
      <TextInput
        label="Address"
        description="Takes OTLP over HTTP, such as a Datadog agent on this computer; /v1/logs and so on are added"
        placeholder="http://127.0.0.1:4318"
        value={typed.endpoint ?? ""}
        onChange={(event) => set({ endpoint: event.currentTarget.value })}
        autoComplete="off"
        spellCheck={false}
        data-testid="logs-endpoint"
      />
      <TextInput
        label="Header of the key"
        description="Only where the collector wants a key"
        placeholder="dd-api-key"
        value={typed.key_header ?? ""}
        onChange={(event) => set({ key_header: event.currentTarget.value })}
        autoComplete="off"
        spellCheck={false}
        data-testid="logs-header"
      />
      <Checkbox
        label="Not encrypted: an http:// address in our own network is all right"
        checked={typed.insecure ?? false}
        onChange={(event) => set({ insecure: event.currentTarget.checked })}
      />
    </>
  );
}

/** Says where logs, traces and metrics are sent. The key goes to the keychain. */
export function CollectorDialog({ config, onClose }: { config: LogsConfig; onClose: () => void }) {
  const api = useApi();
  const client = useQueryClient();
  const [place, setPlace] = useState(placeOf(config));
  const [typed, setTyped] = useState<OtlpConfig>({ ...NOTHING, ...config.otlp });
  const [key, setKey] = useState("");
  const save = useMutation({
    mutationFn: async () => {
      const view = await api.logsSave({ ...config, otlp: otlpOf(place, typed) });
      client.setQueryData(keys.logs, view);
      if (key && place !== "nowhere") await api.logsSetKey(key);
    },
    // Nothing of it stays in the cache of mutations.
    gcTime: 0,
    onSuccess: () => onClose(),
    onSettled: () => client.invalidateQueries({ queryKey: keys.logsKey }),
  });
  const set = (change: Partial<OtlpConfig>) => setTyped((before) => ({ ...before, ...change }));
  const wantsKey = place === "datadog" || (place === "collector" && Boolean(typed.key_header?.trim()));
  return (
    <Modal opened onClose={onClose} title="Where logs are sent" size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          <SegmentedControl
            fullWidth
            aria-label="Where logs are sent"
            value={place}
            onChange={(value) => setPlace(value as Place)}
            data={[
              { value: "nowhere", label: "Nowhere" },
              { value: "collector", label: "A collector or agent" },
              { value: "datadog", label: "Datadog" },
            ]}
          />
          {place === "collector" && <CollectorFields typed={typed} set={set} />}
          {place === "datadog" && (
            <Select
              label="Site"
              description="Where your organisation is in Datadog"
              allowDeselect={false}
              data={SITES}
              value={typed.datadog_site ?? SITES[0] ?? null}
              onChange={(site) => set({ datadog_site: site })}
            />
          )}
          {wantsKey && (
            <PasswordInput
              label="Key"
              description="Kept in the keychain; leave it empty to keep the one that is there for this collector"
              value={key}
              onChange={(event) => setKey(event.currentTarget.value)}
              autoComplete="off"
              data-testid="logs-key"
              visibilityToggleButtonProps={{ "aria-label": "Show what is typed" }}
            />
          )}
          {place !== "nowhere" && (
            <Text size="sm" c="dimmed">
              What is sent is made of counts, durations, codes and ids, as docs/LOGS.md lists them.
            </Text>
          )}
          <ErrorNotice error={save.error} />
          <FormActions onClose={onClose} loading={save.isPending} data-testid="logs-save">
            Save
          </FormActions>
        </Stack>
      </form>
    </Modal>
  );
}
