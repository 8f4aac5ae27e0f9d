import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type MemberDraft, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { moment, plural } from "../../components/format";
import { keys } from "../../components/queryKeys";
import { DiscardDialog } from "./DiscardDialog";

export function unsavedRows({ unsaved }: MemberDraft): number {
  return unsaved.changed + unsaved.added + unsaved.deleted;
}

/** What was not saved when Muster closed. */
export function useDrafts() {
  const api = useApi();
  return useQuery({ queryKey: keys.memberFileDrafts, queryFn: () => api.memberFileDrafts(), staleTime: 0 });
}

type DraftProps = { draft: MemberDraft; busy: boolean; onResume: () => void; onDiscard: () => void };

function Draft({ draft, busy, onResume, onDiscard }: DraftProps) {
  return (
    <Paper withBorder p="md" component="li" data-testid="member-draft">
      <Group justify="space-between" wrap="nowrap">
        <div style={{ minWidth: 0 }}>
          <Text fw={600} className="one-line">
            {draft.name}
          </Text>
          <Text size="sm" c="dimmed" className="one-line" title={draft.folder}>
            {plural(unsavedRows(draft), "row")} not saved · last changed {moment(draft.changed)} · in{" "}
            {draft.folder}
          </Text>
        </div>
        <Group gap="sm" wrap="nowrap">
          <Button
            variant="default"
            disabled={busy}
            onClick={onDiscard}
            aria-label={`Discard the changes in ${draft.name}`}
            data-testid="member-draft-discard"
          >
            Discard…
          </Button>
          <Button
            disabled={busy}
            onClick={onResume}
            aria-label={`Continue with ${draft.name}`}
            data-testid="member-draft-resume"
          >
            Continue
          </Button>
        </Group>
      </Group>
    </Paper>
  );
}

/** Offers what was not saved when Muster closed. Nothing is shown where there is none. */
export function Drafts() {
  const api = useApi();
  const client = useQueryClient();
  const drafts = useDrafts();
  const [unwanted, setUnwanted] = useState<MemberDraft | null>(null);
  const resume = useMutation({
    mutationFn: (id: string) => api.memberFileResume(id),
    onSuccess: (view) => {
      client.invalidateQueries({ queryKey: keys.memberFileDrafts });
      client.setQueryData(keys.memberFile, view);
    },
  });
  const discard = useMutation({
    mutationFn: (id: string) => api.memberFileDiscardDraft(id),
    onSuccess: (left) => client.setQueryData(keys.memberFileDrafts, left),
  });
  const error = drafts.error ?? resume.error ?? discard.error;
  const again = () => {
    resume.reset();
    discard.reset();
    drafts.refetch();
  };
  if (!error && !drafts.data?.length) return null;
  return (
    <Stack gap="sm" component="section" aria-labelledby="member-drafts">
      <Title order={2} id="member-drafts">
        Not saved when Muster closed
      </Title>
      <ErrorNotice error={error} retry={again} />
      <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }}>
        {drafts.data?.map((draft) => (
          <Draft
            key={draft.id}
            draft={draft}
            busy={resume.isPending || discard.isPending}
            onResume={() => resume.mutate(draft.id)}
            onDiscard={() => setUnwanted(draft)}
          />
        ))}
      </Stack>
      <DiscardDialog
        what={unwanted && { kind: "draft" }}
        unsaved={unwanted ? unsavedRows(unwanted) : 0}
        onClose={() => setUnwanted(null)}
        onConfirm={() => {
          if (unwanted) discard.mutate(unwanted.id);
          setUnwanted(null);
        }}
      />
    </Stack>
  );
}
