import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useApi } from "../api";
import { keys } from "../components/queryKeys";
import { HistoryScreen } from "../features/history/HistoryScreen";
import { ImportsScreen } from "../features/imports/ImportsScreen";
import { DraftReminder } from "../features/member-file/DraftReminder";
import { MemberFileScreen } from "../features/member-file/MemberFileScreen";
import { SettingsScreen } from "../features/settings/SettingsScreen";
import { CommandPalette } from "./CommandPalette";
import { ImportWorkspace } from "./ImportWorkspace";
import { Navigation } from "./Navigation";
import { navigate, type Route, useRoute } from "./router";
import classes from "./Shell.module.css";
import { TopBar } from "./TopBar";

function Screen({ route }: { route: Route }) {
  switch (route.screen) {
    case "import":
      return <ImportWorkspace key={route.id} importId={route.id} />;
    case "member-file":
      return <MemberFileScreen />;
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
  "member-file": "Member file",
  history: "History",
  settings: "Settings",
};

/** The window: navigation on the left, the top bar, and the open screen. */
export function Shell() {
  const api = useApi();
  const route = useRoute();
  const info = useQuery({ queryKey: keys.appInfo, queryFn: () => api.appInfo() });
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
      <Navigation route={route} />
      <main id="main" className={classes.main} tabIndex={-1}>
        <Screen route={route} />
      </main>
      <CommandPalette />
      {route.screen !== "member-file" && <DraftReminder onOpen={() => navigate({ screen: "member-file" })} />}
    </div>
  );
}
