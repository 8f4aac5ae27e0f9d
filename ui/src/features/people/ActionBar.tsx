import { Button, Kbd, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { IconCheck, IconKeyboard, IconSplit } from "../../components/icons";
import classes from "./People.module.css";

type Props = {
  /** what the records are asked about; null: no group is open */
  same: { label: string; reason: string | null } | null;
  said: ReactNode;
  onSame: () => void;
  onDifferent: () => void;
  onLater: () => void;
  /** null: of two records none is taken out */
  onExclude: (() => void) | null;
  onUndo: () => void;
  onNext: () => void;
  onKeys: () => void;
};

const Key = ({ name }: { name: string }) => (
  <Kbd size="xs" className={classes.key} aria-hidden="true">
    {name}
  </Kbd>
);

/** The decision, each with its key, and what the last one was. */
export function ActionBar({
  same,
  said,
  onSame,
  onDifferent,
  onLater,
  onExclude,
  onUndo,
  onNext,
  onKeys,
}: Props) {
  // Still focusable while the next group is fetched: the keyboard stays where it is.
  const off = same === null ? { "data-disabled": true, "aria-disabled": true } : {};
  return (
    <footer className={classes.foot}>
      <output className={classes.said} aria-live="polite" data-testid="people-said">
        {said}
      </output>
      <div className={classes.actionBar}>
        <Tooltip label={same?.reason} disabled={!same?.reason}>
          <Button
            px={12}
            leftSection={<IconCheck size={16} />}
            rightSection={<Key name="S" />}
            {...off}
            aria-description={same?.reason ?? undefined}
            data-waits={same?.reason ? true : undefined}
            onClick={onSame}
            data-testid="decide-same"
          >
            {same?.label ?? "Same person"}
          </Button>
        </Tooltip>
        <Button
          px={12}
          variant="default"
          leftSection={<IconSplit size={16} />}
          rightSection={<Key name="D" />}
          {...off}
          onClick={onDifferent}
          data-testid="decide-different"
        >
          Different people
        </Button>
        <Button
          px={12}
          variant="default"
          rightSection={<Key name="L" />}
          {...off}
          onClick={onLater}
          data-testid="decide-later"
        >
          Later
        </Button>
        {onExclude && (
          <Button
            px={12}
            variant="default"
            rightSection={<Key name="E" />}
            {...off}
            onClick={onExclude}
            data-testid="decide-exclude"
          >
            Take out
          </Button>
        )}
        <span className={classes.space} />
        <Button
          variant="subtle"
          color="gray"
          px={8}
          rightSection={<Key name="U" />}
          onClick={onUndo}
          data-testid="decide-undo"
        >
          Undo
        </Button>
        <Button
          variant="subtle"
          color="gray"
          px={8}
          rightSection={<Key name="N" />}
          {...off}
          onClick={onNext}
          data-testid="next-group"
        >
          Next
        </Button>
        <Tooltip label="Keys (?)">
          <Button
            variant="subtle"
            color="gray"
            px={8}
            aria-label="Keys"
            onClick={onKeys}
            data-testid="open-keys"
          >
            <IconKeyboard size={18} />
          </Button>
        </Tooltip>
      </div>
    </footer>
  );
}
