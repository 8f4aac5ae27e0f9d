import { useSyncExternalStore } from "react";

/** Where the person is. The step of an import is kept by the backend, so that it opens where it was left. */
export type Route =
  | { screen: "imports" }
  | { screen: "import"; id: number }
  | { screen: "members"; id?: number }
  | { screen: "member-file" }
  | { screen: "rejects"; id?: number }
  | { screen: "statistics" }
  | { screen: "history" }
  | { screen: "settings" };

function subscribe(listener: () => void) {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}

/** `#/imports/3` → import 3; anything unknown is the list of imports. */
export function parseRoute(hash: string): Route {
  const [screen, id] = hash.replace(/^#\/?/, "").split("/");
  if (screen === "imports" && id && /^\d+$/.test(id)) return { screen: "import", id: Number(id) };
  if (screen === "members" || screen === "rejects") {
    return id && /^\d+$/.test(id) ? { screen, id: Number(id) } : { screen };
  }
  if (screen === "member-file" || screen === "statistics") return { screen };
  if (screen === "history" || screen === "settings") return { screen };
  return { screen: "imports" };
}

/** Opens a screen, with an entry in the window's history. */
export function navigate(route: Route) {
  if (route.screen === "import") window.location.hash = `#/imports/${route.id}`;
  else if ((route.screen === "members" || route.screen === "rejects") && route.id)
    window.location.hash = `#/${route.screen}/${route.id}`;
  else window.location.hash = `#/${route.screen}`;
}

/** The screen that is open. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return parseRoute(hash);
}
