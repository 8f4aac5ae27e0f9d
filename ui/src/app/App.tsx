import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { type Api, ApiProvider } from "../api";
import { ActionsProvider } from "../components/actions";
import { JobsProvider } from "../components/jobs";
import { PrivacyProvider } from "../components/privacy";
import { cssVariables, theme } from "../components/theme";
import { ErrorBoundary } from "./ErrorBoundary";
import { Shell } from "./Shell";

const colorSchemeManager = localStorageColorSchemeManager({ key: "muster-color-scheme" });

function newQueryClient() {
  return new QueryClient({
    defaultOptions: {
      // The backend is on this machine and tells of every change itself: nothing goes stale with time.
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        retry: false,
        refetchOnWindowFocus: false,
        networkMode: "always",
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}

type ProvidersProps = { api: Api; children: ReactNode; colorScheme?: "light" | "dark"; env?: "test" };

/** Everything a screen needs around it; tests use it too. */
export function Providers({ api, children, colorScheme, env }: ProvidersProps) {
  const [client] = useState(newQueryClient);
  return (
    <MantineProvider
      theme={theme}
      env={env}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      forceColorScheme={colorScheme}
      colorSchemeManager={colorSchemeManager}
    >
      <ApiProvider api={api}>
        <QueryClientProvider client={client}>
          <PrivacyProvider>
            <ActionsProvider>
              <JobsProvider>
                <Notifications position="bottom-right" limit={3} />
                {children}
              </JobsProvider>
            </ActionsProvider>
          </PrivacyProvider>
        </QueryClientProvider>
      </ApiProvider>
    </MantineProvider>
  );
}

/** The whole window. */
export function App({ api }: { api: Api }) {
  return (
    <Providers api={api}>
      <ErrorBoundary>
        <Shell />
      </ErrorBoundary>
    </Providers>
  );
}
