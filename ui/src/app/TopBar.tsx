import { ActionIcon, Kbd, Menu, Switch, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { spotlight } from "@mantine/spotlight";
import type { ProfileInfo } from "../api";
import { useActions } from "../components/actions";
import { IconAuto, IconMoon, IconSearch, IconSun } from "../components/icons";
import { MOD } from "../components/labels";
import { usePrivacy } from "../components/privacy";
import { ProfileMenu } from "./ProfileMenu";
import classes from "./Shell.module.css";

const SCHEMES = [
  { scheme: "light", label: "Light", Icon: IconSun },
  { scheme: "dark", label: "Dark", Icon: IconMoon },
  { scheme: "auto", label: "As the system", Icon: IconAuto },
] as const;

function SchemeMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const computed = useComputedColorScheme("light");
  useActions(
    SCHEMES.map(({ scheme, label }) => ({
      id: `scheme-${scheme}`,
      label: `Appearance: ${label.toLowerCase()}`,
      group: "View",
      run: () => setColorScheme(scheme),
    })),
  );
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={32} aria-label="Appearance" data-testid="dark-toggle">
          {computed === "dark" ? <IconMoon /> : <IconSun />}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {SCHEMES.map(({ scheme, label, Icon }) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={16} />}
            onClick={() => setColorScheme(scheme)}
            aria-current={colorScheme === scheme ? "true" : undefined}
            fw={colorScheme === scheme ? 600 : 400}
            data-testid={`scheme-${scheme}`}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function PrivacySwitch() {
  const { hidden, setHidden } = usePrivacy();
  useActions([
    {
      id: "privacy",
      label: hidden ? "Show personal data" : "Hide personal data",
      group: "View",
      run: () => setHidden(!hidden),
    },
  ]);
  return (
    <Switch
      size="sm"
      label="Hide personal data"
      checked={hidden}
      onChange={(event) => setHidden(event.currentTarget.checked)}
      data-testid="privacy-toggle"
    />
  );
}

/** The bar across the window: commands, privacy, appearance, and where a push would go. */
export function TopBar({ profile }: { profile: ProfileInfo | null }) {
  return (
    <section className={classes.top} aria-label="Muster">
      <div className={classes.brand}>
        <Mark />
        Muster
      </div>
      <div className={classes.space} />
      <button type="button" className={classes.palette} onClick={spotlight.open} data-testid="palette-open">
        <IconSearch size={15} />
        <span>Run a command…</span>
        <Kbd size="xs">{MOD} K</Kbd>
      </button>
      <PrivacySwitch />
      <SchemeMenu />
      {profile && <ProfileMenu profile={profile} />}
    </section>
  );
}

function Mark() {
  return (
    <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
      <rect width="24" height="24" rx="6" fill="var(--mantine-color-harbor-7)" />
      <path
        d="M6 17V8l6 6 6-6v9"
        fill="none"
        stroke="#fff"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
