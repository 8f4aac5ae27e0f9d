import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ProfileView, useApi } from "../../../api";
import { ConfirmByName } from "../../../components/ConfirmByName";
import { forgetTarget } from "../../../components/profiles";

/** Removes a profile once its name was typed. */
export function RemoveProfile({ profile, onClose }: { profile: ProfileView; onClose: () => void }) {
  const api = useApi();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: (typed: string) => api.profileRemove(profile.name, typed),
    onSuccess: ({ name, secret_kept }) => {
      forgetTarget(client);
      const message = secret_kept
        ? `${name} was removed. Its password is still in the keychain: ${secret_kept}.`
        : `${name} was removed.`;
      notifications.show({
        message,
        color: secret_kept ? "yellow" : undefined,
        autoClose: secret_kept ? false : 4000,
      });
      onClose();
    },
  });
  return (
    <ConfirmByName
      opened
      danger
      title="Remove this profile?"
      name={profile.name}
      label="Name of the profile"
      confirm="Remove profile"
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={(typed) => remove.mutate(typed)}
    >
      Its settings and its password are removed. The database and its members stay as they are.
    </ConfirmByName>
  );
}
