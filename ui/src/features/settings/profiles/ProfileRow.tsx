import { ActionIcon, Button, Group, Menu, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ProfileView, useApi } from "../../../api";
import { EnvironmentBadge } from "../../../components/EnvironmentBadge";
import { asUserError } from "../../../components/errors";
import { IconDots, IconLock, IconPencil, IconTrash } from "../../../components/icons";
import { DRIVER_LABELS } from "../../../components/labels";
import { Pill } from "../../../components/Pill";
import { useSwitchProfile } from "../../../components/profiles";
import { keys } from "../../../components/queryKeys";
import classes from "./Profiles.module.css";
import type { Doing } from "./ProfilesSection";

type Props = { profile: ProfileView; hasSecret: boolean | undefined; onDo: (doing: Doing) => void };

function SecretState({ hasSecret }: { hasSecret: boolean | undefined }) {
  if (hasSecret === undefined) return null;
  return <Pill tone={hasSecret ? "good" : "warning"}>{hasSecret ? "Password set" : "No password"}</Pill>;
}

function RowMenu({ profile, hasSecret, onDo }: Props) {
  const api = useApi();
  const client = useQueryClient();
  const forget = useMutation({
    mutationFn: () => api.profileRemoveSecret(profile.name),
    onSuccess: () => {
      client.invalidateQueries({ queryKey: keys.withSecret });
      notifications.show({ message: `The password of ${profile.name} was removed.` });
    },
    onError: (reason) => {
      const { message, help } = asUserError(reason);
      notifications.show({ title: message, message: help, color: "red", autoClose: 8000 });
    },
  });
  const isServer = profile.driver === "postgres";
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`More for ${profile.name}`}
          data-testid={`profile-menu-${profile.name}`}
        >
          <IconDots />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => onDo({ what: "edit", profile })}>
          Edit…
        </Menu.Item>
        {isServer && (
          <Menu.Item
            leftSection={<IconLock size={16} />}
            disabled={hasSecret === false}
            onClick={() => forget.mutate()}
          >
            Remove password
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconTrash size={16} />}
          disabled={profile.active}
          onClick={() => onDo({ what: "remove", profile })}
        >
          Remove profile…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** One profile: what it is, and what can be done with it. */
export function ProfileRow(props: Props) {
  const { profile, hasSecret, onDo } = props;
  const { mutate: use, isPending } = useSwitchProfile();
  const isServer = profile.driver === "postgres";
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs
    <div
      className={classes.row}
      role="group"
      aria-label={profile.name}
      data-testid={`profile-${profile.name}`}
    >
      <div className={classes.words}>
        <Group gap="xs">
          <Text fw={600}>{profile.name}</Text>
          <EnvironmentBadge environment={profile.environment} />
          {profile.active && <Pill tone="good">Pushes go here</Pill>}
          {isServer && <SecretState hasSecret={hasSecret} />}
        </Group>
        <Text size="sm" c="dimmed" className={classes.location}>
          {DRIVER_LABELS[profile.driver]} · {profile.location}
        </Text>
      </div>
      <Group gap={6} wrap="nowrap">
        {!profile.active && (
          <Button size="xs" variant="default" loading={isPending} onClick={() => use(profile.name)}>
            Use
          </Button>
        )}
        {isServer && (
          <Button
            size="xs"
            variant="default"
            onClick={() => onDo({ what: "secret", profile })}
            data-testid={`profile-secret-${profile.name}`}
          >
            Set password…
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          onClick={() => onDo({ what: "test", profile })}
          data-testid={`profile-test-${profile.name}`}
        >
          Test
        </Button>
        <RowMenu {...props} />
      </Group>
    </div>
  );
}
