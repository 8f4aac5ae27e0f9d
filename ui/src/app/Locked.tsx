import { Button, Text } from "@mantine/core";
import { EmptyState } from "../components/EmptyState";
import { asUserError } from "../components/errors";
import { IconLock, IconRefresh } from "../components/icons";
import { Page } from "../components/Page";
import classes from "./Shell.module.css";

const TITLES: Partial<Record<string, string>> = {
  keychain: "The workspace is locked",
  keychain_locked: "The workspace is locked",
  secret_missing: "The workspace is locked",
  config: "The settings need a correction",
};

type Props = { error: unknown; busy: boolean; onRetry: () => void };

/** Shown instead of a screen while the workspace cannot be opened: why, what to do, and a way to try again. */
export function Locked({ error, busy, onRetry }: Props) {
  const { code, message, help } = asUserError(error);
  return (
    <Page title="Muster">
      <div role="alert" data-testid="workspace-locked">
        <EmptyState
          icon={<IconLock size={26} />}
          title={TITLES[code] ?? "The workspace cannot be opened"}
          actions={
            <Button
              leftSection={<IconRefresh size={16} />}
              loading={busy}
              onClick={onRetry}
              data-testid="workspace-retry"
            >
              Try again
            </Button>
          }
        >
          <Text component="span" fw={600} className={classes.reason}>
            {message}.
          </Text>
          <br />
          {help} Your lists and steps are safe; nothing was changed.
        </EmptyState>
      </div>
    </Page>
  );
}
