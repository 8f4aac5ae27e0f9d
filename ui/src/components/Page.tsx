import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Page.module.css";

type Props = { title: string; lead?: ReactNode; actions?: ReactNode; children: ReactNode; wide?: boolean };

/** A screen's frame: its title, one line about it, its main actions, and a body that scrolls. */
export function Page({ title, lead, actions, children, wide }: Props) {
  return (
    <div className={classes.scroll}>
      <div className={wide ? classes.wide : classes.page}>
        <header className={classes.header}>
          <div>
            <Title order={1}>{title}</Title>
            {lead && (
              <Text c="dimmed" mt={2}>
                {lead}
              </Text>
            )}
          </div>
          {actions && <div className={classes.actions}>{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  );
}
