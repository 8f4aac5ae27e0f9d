import { notifications } from "@mantine/notifications";
import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ProfileView, useApi } from "../api";
import { asUserError } from "./errors";
import { keys } from "./queryKeys";

/** All profiles, by name. */
export function useProfiles() {
  const api = useApi();
  return useQuery({ queryKey: keys.profiles, queryFn: () => api.profileList() });
}

/** Forgets what was found out for the profile that was active, or changed. */
export function forgetTarget(client: QueryClient) {
  client.invalidateQueries({ queryKey: keys.appInfo });
  client.invalidateQueries({ queryKey: keys.profiles });
  client.resetQueries({ queryKey: keys.history });
  client.resetQueries({ queryKey: keys.members });
  client.resetQueries({ queryKey: keys.rejects });
  // A plan, and who is who, are for one target: they are made anew, not shown meanwhile.
  const ofTarget: readonly unknown[] = ["plan", "people"];
  client.resetQueries({
    predicate: ({ queryKey }) => queryKey[0] === "import" && ofTarget.includes(queryKey[2]),
  });
}

/** Takes a changed list, and what hangs on it. */
export function keepProfiles(client: QueryClient, profiles: ProfileView[]) {
  client.setQueryData(keys.profiles, profiles);
  forgetTarget(client);
}

/** Makes another profile the active one. */
export function useSwitchProfile() {
  const api = useApi();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => api.profileUse(name),
    onSuccess: ({ name }) => {
      forgetTarget(client);
      notifications.show({ message: `Pushes go to ${name} now.`, autoClose: 4000 });
    },
    onError: (reason) => {
      const { message, help } = asUserError(reason);
      notifications.show({ title: message, message: help, color: "red", autoClose: 8000 });
    },
  });
}
