import { Button, Kbd, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { IconCheck, IconKeyboard, IconSplit } from "../../components/icons";
import type { BarState } from "./GroupPanel";
import classes from "./People.module.css";

const Key = ({ name }: { name: string }) => (
  <Kbd size="xs" className={classes.key} aria-hidden="true">
    {name}
  </Kbd>
);

type DecisionProps = {
  label: string;
  shortcut: string;
  icon?: ReactNode;
  main?: boolean;
  quiet?: boolean;
  /** Still focusable while the next group is fetched: the keyboard stays where it is. */
  off?: boolean;
  description?: string;
  testId: string;
  onClick: () => void;
};

/** A button with its key. */
function KeyButton(props: DecisionProps) {
  const { label, shortcut, icon, main, quiet, off, description, testId, onClick } = props;
  return (
    <Button
      px={quiet ? 8 : 12}
      variant={main ? "filled" : quiet ? "subtle" : "default"}
      color={quiet ? "gray" : undefined}
      leftSection={icon}
      rightSection={<Key name={shortcut} />}
      data-disabled={off || undefined}
      aria-disabled={off || undefined}
      aria-description={description}
      onClick={onClick}
      data-testid={testId}
    >
      {label}
    </Button>
  );
}

type Props = {
  /** null: no group is open, or it is being fetched */
  bar: BarState | null;
  said: ReactNode;
  onSame: () => void;
  onDifferent: () => void;
  onLater: () => void;
  onExclude: () => void;
  onUndo: () => void;
  onNext: () => void;
  onKeys: () => void;
};

/** The decision, each with its key, and what the last one was. */
export function ActionBar({ bar, said, ...on }: Props) {
  const off = bar === null;
  const shared = { off };
  return (
    <footer className={classes.foot}>
      <output className={classes.said} aria-live="polite" data-testid="people-said">
        {said}
      </output>
      <div className={classes.actionBar}>
        <KeyButton
          {...shared}
          main
          label={bar?.label ?? "Same person"}
          shortcut="S"
          icon={<IconCheck size={16} />}
          description={bar?.reason ?? undefined}
          testId="decide-same"
          onClick={on.onSame}
        />
        <KeyButton
          {...shared}
          label="Different people"
          shortcut="D"
          icon={<IconSplit size={16} />}
          testId="decide-different"
          onClick={on.onDifferent}
        />
        <KeyButton {...shared} label="Later" shortcut="L" testId="decide-later" onClick={on.onLater} />
        {bar?.many && (
          <KeyButton
            {...shared}
            label="Take out"
            shortcut="E"
            testId="decide-exclude"
            onClick={on.onExclude}
          />
        )}
        <span className={classes.space} />
        <KeyButton quiet label="Undo" shortcut="U" testId="decide-undo" onClick={on.onUndo} />
        <KeyButton {...shared} quiet label="Next" shortcut="N" testId="next-group" onClick={on.onNext} />
        <Tooltip label="Keys (?)">
          <Button
            variant="subtle"
            color="gray"
            px={8}
            aria-label="Keys"
            onClick={on.onKeys}
            data-testid="open-keys"
          >
            <IconKeyboard size={18} />
          </Button>
        </Tooltip>
      </div>
    </footer>
  );
}
