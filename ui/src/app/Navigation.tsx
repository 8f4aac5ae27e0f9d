import { useActions } from "../components/actions";
import { IconHistory, IconImports, IconMembers, IconSettings, IconSheet } from "../components/icons";
import { navigate, type Route } from "./router";
import classes from "./Shell.module.css";

// Conflicts join this list with their screen.
const ITEMS = [
  { screen: "imports", label: "Imports", Icon: IconImports },
  { screen: "members", label: "Members", Icon: IconMembers },
  { screen: "member-file", label: "Member file", Icon: IconSheet },
  { screen: "history", label: "History", Icon: IconHistory },
  { screen: "settings", label: "Settings", Icon: IconSettings },
] as const;

/** The way between the main screens. */
export function Navigation({ route }: { route: Route }) {
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
        </a>
      ))}
    </nav>
  );
}
