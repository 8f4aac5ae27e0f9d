import type { ComponentType } from "react";
import type { Environment } from "../api";
import classes from "./EnvironmentBadge.module.css";
import { IconAlert, IconDatabase, IconFlask, type IconProps } from "./icons";
import { ENVIRONMENT_LABELS } from "./labels";

/** Each environment has a sign of its own, so that nothing hangs on telling colours apart. */
export const ENVIRONMENT_ICONS: Record<Environment, ComponentType<IconProps>> = {
  dev: IconFlask,
  staging: IconDatabase,
  prod: IconAlert,
};

/** What a profile is for: word, sign and colour. */
export function EnvironmentBadge({ environment }: { environment: Environment }) {
  const Icon = ENVIRONMENT_ICONS[environment];
  return (
    <span className={classes.badge} data-environment={environment}>
      <Icon size={14} />
      {ENVIRONMENT_LABELS[environment]}
    </span>
  );
}
