import { Button, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { ArchiveView } from "../../../api";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { Pill } from "../../../components/Pill";
import { Section } from "../Section";
import classes from "../SettingsScreen.module.css";
import { ArchiveDialog } from "./ArchiveDialog";
import { ArchiveTestDialog } from "./ArchiveTestDialog";
import { KIND_TEXTS } from "./kinds";
import { useArchive, useArchiveSecret } from "./useArchive";

type Doing = "change" | "test";

function Place({ archive, onDo }: { archive: ArchiveView; onDo: (doing: Doing) => void }) {
  const { kind } = archive.settings;
  const secret = useArchiveSecret(kind === "s3");
  return (
    <>
      <Group justify="space-between" wrap="nowrap" align="start">
        <div data-testid="archive-place">
          <Group gap="xs">
            <Text fw={600}>{KIND_TEXTS[kind]}</Text>
            {kind === "s3" && secret.data !== undefined && (
              <Pill tone={secret.data ? "good" : "warning"}>{secret.data ? "Secret set" : "No secret"}</Pill>
            )}
          </Group>
          {kind !== "database" && <Text className={classes.path}>{archive.location}</Text>}
        </div>
        <Group gap="xs" wrap="nowrap">
          <Button
            size="xs"
            variant="default"
            onClick={() => onDo("test")}
            aria-label="Test the archive"
            data-testid="archive-test"
          >
            Test
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={() => onDo("change")}
            aria-label="Change… the archive"
            data-testid="archive-change"
          >
            Change…
          </Button>
        </Group>
      </Group>
      {kind === "s3" && <ErrorNotice error={secret.error} retry={() => secret.refetch()} />}
    </>
  );
}

/** Where the raw files of pushes are kept for ever. */
export function ArchiveSection() {
  const archive = useArchive();
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = () => setDoing(null);
  return (
    <Section title="Archive of raw files">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          Before the first row of a push moves, each of its files is stored as it came: once for all pushes,
          and never written over. The History screen gives them back.
        </Text>
        <ErrorNotice error={archive.error} retry={() => archive.refetch()} />
        {archive.isPending && <Skeleton height={40} />}
        {archive.data && <Place archive={archive.data} onDo={setDoing} />}
      </Stack>
      {archive.data && doing === "change" && (
        <ArchiveDialog settings={archive.data.settings} onClose={close} />
      )}
      {archive.data && doing === "test" && (
        <ArchiveTestDialog kind={archive.data.settings.kind} onClose={close} />
      )}
    </Section>
  );
}
