import { useActions } from "../components/actions";
import { IconHistory, IconImports, IconSettings, IconSheet } from "../components/icons";
import { navigate, type Route } from "./router";
import classes from "./Shell.module.css";

// Conflicts and Members join this list with their screens.
const ITEMS = [
  { screen: "imports", label: "Imports", Icon: IconImports },
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
