import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../api";
import { keys } from "../../components/queryKeys";

/** On a prod profile every change by hand asks for the profile's name. */
export function useConfirmProfile() {
  const api = useApi();
  const info = useQuery({ queryKey: keys.appInfo, queryFn: () => api.appInfo() });
  const [typed, setTyped] = useState("");
  const profile = info.data?.profile;
  const needed = profile?.environment === "prod";
  const input = needed ? (
    <TextInput
      label="Name of the profile"
      description={`${profile.name} is production. Type “${profile.name}” to go on`}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      autoComplete="off"
      data-testid="confirm-profile"
    />
  ) : null;
  return {
    /** the input to show, if any */
    input,
    /** whether what is asked for stands there */
    ready: !needed || typed.trim() === profile?.name,
    /** for the backend */
    confirmed: needed ? typed.trim() : null,
  };
}
