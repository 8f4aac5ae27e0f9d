import { useQuery } from "@tanstack/react-query";
import { useApi } from "../api";
import { useActions } from "../components/actions";
import { count, plural } from "../components/format";
import {
  IconChart,
  IconHistory,
  IconImports,
  IconInbox,
  IconMembers,
  IconSettings,
  IconSheet,
} from "../components/icons";
import { keys } from "../components/queryKeys";
import { navigate, type Route } from "./router";
import classes from "./Shell.module.css";

// Conflicts join this list with their screen.
const ITEMS = [
  { screen: "imports", label: "Imports", Icon: IconImports },
  { screen: "members", label: "Members", Icon: IconMembers },
  { screen: "statistics", label: "Statistics", Icon: IconChart },
  { screen: "member-file", label: "Member file", Icon: IconSheet },
  { screen: "rejects", label: "Rejects", Icon: IconInbox },
  { screen: "history", label: "History", Icon: IconHistory },
  { screen: "settings", label: "Settings", Icon: IconSettings },
] as const;

/** How many rows of the active profile's inbox wait for somebody. A database that cannot be asked has no badge. */
function OpenRejects() {
  const api = useApi();
  const open = useQuery({ queryKey: keys.rejectsOpen, queryFn: () => api.rejectsOpen(), retry: false });
  if (!open.data) return null;
  return (
    <span className={classes.count} data-testid="rejects-badge">
      <span aria-hidden="true">{open.data > 99 ? "99+" : count(open.data)}</span>
      <span className="visually-hidden">, {plural(open.data, "open row")}</span>
    </span>
  );
}

/** The way between the main screens. `ready`: the workspace is open, and databases can be asked. */
export function Navigation({ route, ready }: { route: Route; ready: boolean }) {
  useActions(
    ITEMS.map(({ screen, label }) => ({
      id: `go-${screen}`,
      label: `Go to ${label}`,
      group: "Go to",
      run: () => navigate({ screen }),
    })),
  );
  const current = route.screen === "import" ? "imports" : route.screen;
  return (
    <nav className={classes.nav} aria-label="Main">
      {ITEMS.map(({ screen, label, Icon }) => (
        <a
          key={screen}
          href={`#/${screen}`}
          className={`${classes.item} ${screen === "settings" ? classes.push : ""}`}
          aria-current={current === screen ? "page" : undefined}
          data-testid={`nav-${screen}`}
        >
          <Icon size={22} />
          {label}
          {screen === "rejects" && ready && <OpenRejects />}
        </a>
      ))}
    </nav>
  );
}
