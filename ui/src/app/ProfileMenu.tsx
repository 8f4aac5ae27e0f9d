import { Menu, Text } from "@mantine/core";
import type { ProfileInfo } from "../api";
import { useActions } from "../components/actions";
import { ENVIRONMENT_ICONS, EnvironmentBadge } from "../components/EnvironmentBadge";
import { IconCheck, IconDown, IconSettings } from "../components/icons";
import { ENVIRONMENT_LABELS } from "../components/labels";
import { useProfiles, useSwitchProfile } from "../components/profiles";
import { navigate } from "./router";
import classes from "./Shell.module.css";

/** "local (dev)", or only "prod" where the name says it all */
function title({ name, environment }: Pick<ProfileInfo, "name" | "environment">): string {
  const label = ENVIRONMENT_LABELS[environment];
  return name === label ? label : `${name} (${label})`;
}

/** Where pushes go, on every screen, and the way to another profile. */
export function ProfileMenu({ profile }: { profile: ProfileInfo }) {
  const profiles = useProfiles();
  const { mutate: use, isPending } = useSwitchProfile();
  const all = profiles.data ?? [];
  const others = all.filter((other) => !other.active);
  useActions(
    others.map((other) => ({
      id: `profile-${other.name}`,
      label: `Switch to profile ${title(other)}`,
      group: "Profiles",
      run: () => use(other.name),
    })),
  );
  const environment = ENVIRONMENT_LABELS[profile.environment];
  const Icon = ENVIRONMENT_ICONS[profile.environment];
  return (
    <Menu position="bottom-end" width={340} withinPortal={false}>
      <Menu.Target>
        <button
          type="button"
          className={classes.badge}
          data-environment={profile.environment}
          data-testid="profile-badge"
          title={`Pushes go to ${profile.location}`}
          disabled={isPending}
        >
          <Icon size={15} />
          <span className="visually-hidden">Profile: </span>
          {profile.name === environment ? environment : `${profile.name} · ${environment}`}
          <IconDown size={14} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {all.map((other) => (
          <Menu.Item
            key={other.name}
            leftSection={other.active ? <IconCheck size={16} /> : <span className={classes.noCheck} />}
            rightSection={<EnvironmentBadge environment={other.environment} />}
            aria-current={other.active ? "true" : undefined}
            onClick={() => !other.active && use(other.name)}
            data-testid={`profile-use-${other.name}`}
          >
            <Text component="span" display="block" size="sm" fw={other.active ? 600 : 400}>
              {other.name}
            </Text>
            <Text component="span" display="block" size="xs" className={classes.location}>
              {other.location}
            </Text>
          </Menu.Item>
        ))}
        <Menu.Item
          className={classes.manage}
          leftSection={<IconSettings size={16} />}
          onClick={() => navigate({ screen: "settings" })}
          data-testid="profiles-manage"
        >
          Manage profiles…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
