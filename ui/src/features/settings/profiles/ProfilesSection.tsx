import { Alert, Button, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type ProfileView, useApi } from "../../../api";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { asUserError } from "../../../components/errors";
import { IconLock, IconPlus } from "../../../components/icons";
import { useProfiles } from "../../../components/profiles";
import { keys } from "../../../components/queryKeys";
import { Section } from "../Section";
import { ProfileDialog } from "./ProfileDialog";
import { ProfileRow } from "./ProfileRow";
import { RemoveProfile } from "./RemoveProfile";
import { SecretDialog } from "./SecretDialog";
import { TestDialog } from "./TestDialog";

/** What a person does with a profile, and with which. */
export type Doing = { what: "add" } | { what: "edit" | "secret" | "test" | "remove"; profile: ProfileView };

/** Why it is not known which profiles have a password; all else works meanwhile. */
function KeychainNotice({ error, busy, retry }: { error: unknown; busy: boolean; retry: () => void }) {
  const { message, help } = asUserError(error);
  return (
    <Alert
      color="yellow"
      variant="light"
      icon={<IconLock />}
      title={message}
      role="status"
      data-testid="keychain-notice"
    >
      <Text size="sm">{help} Until then, passwords cannot be set or used; everything else works.</Text>
      <Button size="xs" variant="default" mt="sm" onClick={retry} loading={busy}>
        Try again
      </Button>
    </Alert>
  );
}

function Dialog({
  doing,
  onDo,
  onClose,
}: {
  doing: Doing;
  onDo: (doing: Doing) => void;
  onClose: () => void;
}) {
  switch (doing.what) {
    case "add":
      return <ProfileDialog onDo={onDo} onClose={onClose} />;
    case "edit":
      return <ProfileDialog profile={doing.profile} onDo={onDo} onClose={onClose} />;
    case "secret":
      return <SecretDialog profile={doing.profile} onClose={onClose} />;
    case "test":
      return <TestDialog profile={doing.profile} onDo={onDo} onClose={onClose} />;
    case "remove":
      return <RemoveProfile profile={doing.profile} onClose={onClose} />;
  }
}

/** Database profiles: where pushes can go. */
export function ProfilesSection() {
  const api = useApi();
  const profiles = useProfiles();
  const withSecret = useQuery({ queryKey: keys.withSecret, queryFn: () => api.profilesWithSecret() });
  const [doing, setDoing] = useState<Doing | null>(null);
  return (
    <Section
      title="Database profiles"
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={16} />}
          onClick={() => setDoing({ what: "add" })}
          data-testid="profile-add"
        >
          Add a profile
        </Button>
      }
    >
      <Stack gap="sm">
        {profiles.error && <ErrorNotice error={profiles.error} retry={() => profiles.refetch()} />}
        {withSecret.error && (
          <KeychainNotice
            error={withSecret.error}
            busy={withSecret.isFetching}
            retry={() => withSecret.refetch()}
          />
        )}
        {profiles.isPending && <Skeleton height={56} />}
        {profiles.data?.map((profile) => (
          <ProfileRow
            key={profile.name}
            profile={profile}
            hasSecret={withSecret.isError ? undefined : withSecret.data?.includes(profile.name)}
            onDo={setDoing}
          />
        ))}
      </Stack>
      {doing && <Dialog doing={doing} onDo={setDoing} onClose={() => setDoing(null)} />}
    </Section>
  );
}
