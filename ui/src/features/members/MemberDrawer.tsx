import { Badge, Button, Drawer, Group, Skeleton, Stack, Tabs, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  type FieldValue,
  type MembershipView,
  type MemberView,
  type MergedFrom,
  useApi,
  type ValueOrigin,
} from "../../api";
import { isHash } from "../../components/compare/compareTypes";
import { ErrorNotice } from "../../components/ErrorNotice";
import { IconPencil, IconTrash } from "../../components/icons";
import { TARGET_LABELS } from "../../components/labels";
import { Private, useMask, usePrivacy } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import { DeleteMember } from "./DeleteMember";
import { EditMember } from "./EditMember";
import { nameOf } from "./fields";
import { MemberHistory, MemberSources } from "./MemberHistory";
import { MemberScores } from "./MemberScores";
import classes from "./Members.module.css";
import { MergedFromList } from "./MergedFromList";
import { Origin } from "./Origin";
import { UnmergeMember } from "./UnmergeMember";

type FactsProps = { values: FieldValue[]; origins: ValueOrigin[]; unknown?: boolean };

function Facts({ values, origins, unknown }: FactsProps) {
  return (
    <dl className={classes.facts}>
      {values
        .filter(({ value }) => value !== null)
        .map(({ field, value }) => (
          <div key={field} style={{ display: "contents" }}>
            <dt>{TARGET_LABELS[field]}</dt>
            <dd data-testid={`member-${field}`}>
              <Private value={value ?? ""} field={field} />
              {field === "company" && unknown && (
                <Text span size="xs" c="dimmed">
                  {" "}
                  (an id that no company list explains)
                </Text>
              )}
              <Origin origin={origins.find((origin) => origin.field === field)} />
            </dd>
          </div>
        ))}
    </dl>
  );
}

function Membership({ membership }: { membership: MembershipView }) {
  const { club, source_key, values, origins, unified_score } = membership;
  return (
    <div className={classes.card} data-testid={`membership-${membership.id}`}>
      <Group justify="space-between" mb={6}>
        <Text fw={600}>{club}</Text>
        {!isHash(source_key) && (
          <Badge variant="light" color="gray" tt="none">
            Number <Private value={source_key} field="source_key" />
          </Badge>
        )}
      </Group>
      <Facts values={values} origins={origins} />
      {unified_score !== null && (
        <Text size="sm" mt={6}>
          Score on the common scale: {unified_score}
        </Text>
      )}
    </div>
  );
}

type DetailsProps = { view: MemberView; onUnmerge: (from: MergedFrom) => void };

function Details({ view, onUnmerge }: DetailsProps) {
  return (
    <Tabs defaultValue="details" keepMounted={false}>
      <Tabs.List>
        <Tabs.Tab value="details">Details</Tabs.Tab>
        <Tabs.Tab value="scores" data-testid="member-tab-scores">
          Scores
        </Tabs.Tab>
        <Tabs.Tab value="history" data-testid="member-tab-history">
          History
        </Tabs.Tab>
        <Tabs.Tab value="sources" data-testid="member-tab-sources">
          Where from
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="details" pt="md">
        <Stack>
          <Facts values={view.values} origins={view.origins} unknown={view.company_unknown} />
          <Title order={3}>Memberships</Title>
          {view.memberships.map((membership) => (
            <Membership key={membership.id} membership={membership} />
          ))}
          <MergedFromList merged={view.merged_from} onUnmerge={onUnmerge} />
        </Stack>
      </Tabs.Panel>
      <Tabs.Panel value="scores" pt="md">
        <MemberScores id={view.id} />
      </Tabs.Panel>
      <Tabs.Panel value="history" pt="md">
        <MemberHistory history={view.history} />
      </Tabs.Panel>
      <Tabs.Panel value="sources" pt="md">
        <MemberSources sources={view.sources} />
      </Tabs.Panel>
    </Tabs>
  );
}

function Actions({ onEdit, onDelete }: { onEdit: () => void; onDelete: () => void }) {
  const { hidden } = usePrivacy();
  return (
    <Group gap="sm">
      <Button
        leftSection={<IconPencil size={16} />}
        onClick={onEdit}
        // The form shows what is hidden.
        disabled={hidden}
        data-testid="member-edit"
      >
        Edit
      </Button>
      <Button
        variant="default"
        leftSection={<IconTrash size={16} />}
        onClick={onDelete}
        data-testid="member-delete"
      >
        Delete…
      </Button>
      {hidden && (
        <Text size="sm" c="dimmed">
          Show personal data to edit.
        </Text>
      )}
    </Group>
  );
}

type Props = { id: number; onClose: () => void; onOpen: (id: number) => void };

/** A member, with their history and where they come from; from here they are edited and deleted. */
export function MemberDrawer({ id, onClose, onOpen }: Props) {
  const api = useApi();
  const mask = useMask();
  const member = useQuery({ queryKey: keys.member(id), queryFn: () => api.memberView(id), staleTime: 0 });
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const [unmerging, setUnmerging] = useState<MergedFrom | null>(null);
  const view = member.data;
  const name = view ? nameOf(view) || `Member ${id}` : `Member ${id}`;
  // The question takes the drawer's place: a dialog over a dialog would be two of everything.
  return (
    <>
      <Drawer
        opened={!deleting && !unmerging}
        onClose={onClose}
        position="right"
        size={620}
        title={mask(name, "full_name")}
        closeOnClickOutside={!editing}
        data-testid="member-drawer"
      >
        <Stack>
          <ErrorNotice error={member.error} retry={() => member.refetch()} />
          {member.isPending && <Skeleton height={220} aria-hidden="true" />}
          {view && editing && <EditMember view={view} onClose={() => setEditing(false)} />}
          {view && !editing && (
            <>
              <Actions onEdit={() => setEditing(true)} onDelete={() => setDeleting(true)} />
              <Details view={view} onUnmerge={setUnmerging} />
            </>
          )}
        </Stack>
      </Drawer>
      {view && unmerging && (
        <UnmergeMember
          view={view}
          from={unmerging}
          onClose={() => setUnmerging(null)}
          onDone={() => setUnmerging(null)}
        />
      )}
      {view && deleting && (
        <DeleteMember view={view} onClose={() => setDeleting(false)} onDeleted={onClose} onBack={onOpen} />
      )}
    </>
  );
}
