import { createContext, type ReactNode, useContext } from "react";
import type { Api } from "./client";

export type * from "./bindings";
export type { Api } from "./client";

const ApiContext = createContext<Api | null>(null);

/** Gives the screens below it a backend; tests pass the fake. */
export function ApiProvider({ api, children }: { api: Api; children: ReactNode }) {
  return <ApiContext.Provider value={api}>{children}</ApiContext.Provider>;
}

/** The backend of this window. */
export function useApi(): Api {
  const api = useContext(ApiContext);
  if (!api) throw new Error("useApi outside of ApiProvider");
  return api;
}

/** The real backend inside the desktop shell; in a plain browser, which has none, the in-memory one. */
export async function chooseApi(): Promise<Api> {
  if ("__TAURI_INTERNALS__" in window) return (await import("./tauri")).tauriApi;
  const { FakeApi, optionsFromUrl } = await import("./fake");
  return new FakeApi(optionsFromUrl(window.location.search));
}
