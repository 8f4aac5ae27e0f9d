import { Center, Loader } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useApi } from "../api";
import { asUserError } from "../components/errors";
import { IconAlert } from "../components/icons";
import { keys } from "../components/queryKeys";
import { HistoryScreen } from "../features/history/HistoryScreen";
import { ImportsScreen } from "../features/imports/ImportsScreen";
import { DraftReminder } from "../features/member-file/DraftReminder";
import { MemberFileScreen } from "../features/member-file/MemberFileScreen";
import { MembersScreen } from "../features/members/MembersScreen";
import { RejectsScreen } from "../features/rejects/RejectsScreen";
import { SettingsScreen } from "../features/settings/SettingsScreen";
import { StatisticsScreen } from "../features/statistics/StatisticsScreen";
import { CommandPalette } from "./CommandPalette";
import { ImportWorkspace } from "./ImportWorkspace";
import { Locked } from "./Locked";
import { Navigation } from "./Navigation";
import { navigate, type Route, useRoute } from "./router";
import classes from "./Shell.module.css";
import { TopBar } from "./TopBar";

function Screen({ route }: { route: Route }) {
  switch (route.screen) {
    case "import":
      return <ImportWorkspace key={route.id} importId={route.id} />;
    case "members":
      return (
        <MembersScreen
          openId={route.id ?? null}
          onOpen={(id) => navigate(id === null ? { screen: "members" } : { screen: "members", id })}
        />
      );
    case "statistics":
      return <StatisticsScreen />;
    case "member-file":
      return <MemberFileScreen />;
    case "rejects":
      return (
        <RejectsScreen
          openId={route.id ?? null}
          onOpen={(id) => navigate(id === null ? { screen: "rejects" } : { screen: "rejects", id })}
        />
      );
    case "history":
      return <HistoryScreen />;
    case "settings":
      return <SettingsScreen />;
    default:
      return <ImportsScreen onOpen={(id) => navigate({ screen: "import", id })} />;
  }
}

const TITLES = {
  imports: "Imports",
  import: "Import",
  members: "Members",
  statistics: "Statistics",
  "member-file": "Member file",
  rejects: "Rejects",
  history: "History",
  settings: "Settings",
};

/** Opens the workspace; everything else waits for it. */
function useWorkspace() {
  const api = useApi();
  const client = useQueryClient();
  return useQuery({
    queryKey: keys.workspace,
    queryFn: async () => {
      try {
        return await api.workspaceOpen();
      } finally {
        // Settings that did not fit may do so now.
        client.invalidateQueries({ queryKey: keys.appInfo });
        client.invalidateQueries({ queryKey: keys.profiles });
      }
    },
  });
}

/** The open screen, once the workspace is open. Settings needs no workspace, but settings that could be read. */
function Content({ route }: { route: Route }) {
  const workspace = useWorkspace();
  if (workspace.isSuccess) return <Screen route={route} />;
  if (workspace.isPending) {
    return (
      <Center h="100%">
        <Loader aria-label="Opening the workspace" />
      </Center>
    );
  }
  if (route.screen === "settings" && asUserError(workspace.error).code !== "config")
    return <SettingsScreen />;
  return <Locked error={workspace.error} busy={workspace.isFetching} onRetry={() => workspace.refetch()} />;
}

/** Told in words on every screen: where a push would change what everybody relies on. */
function ProdBand({ name }: { name: string }) {
  return (
    <aside className={classes.band} aria-label="Production" data-testid="prod-band">
      <IconAlert size={15} />
      <span>
        <b>Production.</b> Pushes go to {name}, which everybody relies on.
      </span>
    </aside>
  );
}

/** The window: navigation on the left, the top bar, and the open screen. */
export function Shell() {
  const api = useApi();
  const route = useRoute();
  const workspace = useWorkspace();
  // What a failed start still knows: the profile, say, while only the keychain is locked.
  const info = useQuery({
    queryKey: keys.appInfo,
    queryFn: () => api.appInfo(),
    enabled: !workspace.isPending,
  });
  const environment = info.data?.profile.environment ?? "dev";
  useEffect(() => {
    document.title = `${TITLES[route.screen]} · Muster`;
  }, [route.screen]);
  return (
    <div className={classes.window} data-environment={environment}>
      <button type="button" className={classes.skip} onClick={() => document.getElementById("main")?.focus()}>
        Skip to the content
      </button>
      <TopBar profile={info.data?.profile ?? null} />
      {environment === "prod" && info.data && <ProdBand name={info.data.profile.name} />}
      <Navigation route={route} ready={workspace.isSuccess} />
      <main id="main" className={classes.main} tabIndex={-1}>
        <Content route={route} />
      </main>
      <CommandPalette />
      {workspace.isSuccess && route.screen !== "member-file" && (
        <DraftReminder onOpen={() => navigate({ screen: "member-file" })} />
      )}
    </div>
  );
}
