import { Kbd, SegmentedControl, Stack, Switch, Table, Text, useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { MOD } from "../../components/labels";
import { Page } from "../../components/Page";
import { usePrivacy } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import { ArchiveSection } from "./archive/ArchiveSection";
import { DriveSection } from "./drive/DriveSection";
import { LogsSection } from "./logs/LogsSection";
import { ProfilesSection } from "./profiles/ProfilesSection";
import { Section } from "./Section";
import classes from "./SettingsScreen.module.css";
import { SchedulesSection } from "./schedules/SchedulesSection";

const SHORTCUTS: [string[], string][] = [
  [[MOD, "K"], "Run any command by name"],
  [["Enter"], "Edit the cell in focus (F2 and double click too)"],
  [["F1"], "Why is this cell as it is? (Alt Enter too)"],
  [["Space"], "Select the row in focus"],
  [[MOD, "F"], "Find and replace (also with H)"],
  [[MOD, "Z"], "Undo the last step"],
  [[MOD, "Shift", "Z"], "Redo the step undone last"],
  [["Shift", "Click"], "On a column’s name: sort by it too"],
  [["Escape"], "Leave a dialog or an edit without a change"],
];

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { hiddenAtStart, setHiddenAtStart } = usePrivacy();
  return (
    <Section title="Appearance and privacy">
      <Stack gap="lg">
        <div className={classes.choice}>
          <Text id="scheme-label">Colours</Text>
          <SegmentedControl
            aria-labelledby="scheme-label"
            value={colorScheme}
            onChange={(value) => setColorScheme(value as typeof colorScheme)}
            data={[
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
              { value: "auto", label: "As the system" },
            ]}
          />
        </div>
        <Switch
          label="Hide personal data when Muster starts"
          description="Names, birth dates, emails, phones and member numbers are masked until you show them."
          checked={hiddenAtStart}
          onChange={(event) => setHiddenAtStart(event.currentTarget.checked)}
        />
      </Stack>
    </Section>
  );
}

function Facts() {
  const api = useApi();
  const info = useQuery({ queryKey: keys.appInfo, queryFn: () => api.appInfo() });
  if (info.error) return <ErrorNotice error={info.error} retry={() => info.refetch()} />;
  return (
    <Section title="About">
      <dl className={classes.facts}>
        <Fact name="Version">Muster {info.data?.version ?? "…"}</Fact>
        <Fact name="Data folder">
          <span className={classes.path} data-testid="data-folder">
            {info.data?.data_folder ?? "…"}
          </span>
        </Fact>
        <Fact name="Licence">MIT or Apache-2.0</Fact>
      </dl>
    </Section>
  );
}

/**
 * Database profiles, the archive, Google Drive, schedules, logs, appearance, privacy, where things are kept, and the
 * keys.
 */
export function SettingsScreen() {
  return (
    <Page title="Settings">
      <Stack maw={860}>
        <ProfilesSection />
        <ArchiveSection />
        <DriveSection />
        <SchedulesSection />
        <LogsSection />
        <Appearance />
        <Facts />
        <Section title="Keyboard">
          <Table
            withRowBorders={false}
            verticalSpacing={6}
            horizontalSpacing={0}
            aria-label="Keyboard shortcuts"
          >
            <Table.Tbody>
              {SHORTCUTS.map(([pressed, meaning]) => (
                <Table.Tr key={meaning}>
                  <Table.Td w={170}>
                    <span className={classes.keys}>
                      {pressed.map((key) => (
                        <Kbd key={key}>{key}</Kbd>
                      ))}
                    </span>
                  </Table.Td>
                  <Table.Td>{meaning}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Section>
      </Stack>
    </Page>
  );
}
