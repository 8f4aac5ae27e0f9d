import { ActionIcon, Button, Tooltip } from "@mantine/core";
import type { Step } from "../api";
import { IconCheck, IconCross, IconLeft, IconRight } from "../components/icons";
import { STEPS } from "../components/labels";
import classes from "./ImportWorkspace.module.css";

type Props = {
  name: string;
  step: Step;
  blocked: (step: Step) => string | null;
  back: Step | null;
  next: Step | null;
  nextBlocked: string | null;
  onGo: (step: Step) => void;
  onClose: () => void;
};

const labelOf = (step: Step | null) => STEPS.find((s) => s.step === step)?.label;

function StepButton({ step, index, props }: { step: Step; index: number; props: Props }) {
  const at = STEPS.findIndex((s) => s.step === props.step);
  const current = step === props.step;
  const reason = current ? null : props.blocked(step);
  const done = index < at && reason === null;
  const button = (
    <button
      type="button"
      className={classes.stepButton}
      aria-current={current ? "step" : undefined}
      // Still focusable when it cannot be opened, so that the reason can be read by keyboard.
      aria-disabled={reason !== null}
      aria-description={reason ?? undefined}
      data-done={done}
      onClick={() => !current && reason === null && props.onGo(step)}
      data-testid={`step-${step}`}
    >
      <span className={classes.number} aria-hidden="true">
        {done ? <IconCheck size={13} strokeWidth={2.5} /> : index + 1}
      </span>
      {labelOf(step)}
    </button>
  );
  return reason === null ? button : <Tooltip label={reason}>{button}</Tooltip>;
}

function NextButton({ next, nextBlocked, onGo }: Props) {
  if (!next) return null;
  const button = (
    <Button
      rightSection={<IconRight size={16} />}
      data-disabled={nextBlocked !== null || undefined}
      aria-disabled={nextBlocked !== null}
      aria-description={nextBlocked ?? undefined}
      onClick={() => nextBlocked === null && onGo(next)}
      data-testid="next"
    >
      Next
      <span className="visually-hidden">: {labelOf(next)}</span>
    </Button>
  );
  return nextBlocked === null ? button : <Tooltip label={nextBlocked}>{button}</Tooltip>;
}

/** The import's name, its named steps, Back and Next. */
export function StepBar(props: Props) {
  const { name, back, onGo, onClose } = props;
  return (
    <div className={classes.bar}>
      <div className={classes.left}>
        <Tooltip label="Close this import (everything is saved)">
          <ActionIcon
            variant="subtle"
            color="gray"
            onClick={onClose}
            aria-label="Close this import"
            data-testid="close-import"
          >
            <IconCross />
          </ActionIcon>
        </Tooltip>
        <span className={`${classes.name} one-line`} title={name} data-testid="import-name">
          {name}
        </span>
      </div>
      <nav aria-label="Steps of this import">
        <ol className={classes.steps}>
          {STEPS.map(({ step }, index) => (
            <li key={step}>
              {index > 0 && <IconRight className={classes.arrow} size={14} />}
              <StepButton step={step} index={index} props={props} />
            </li>
          ))}
        </ol>
      </nav>
      <div className={classes.right}>
        {back && (
          <Button
            variant="default"
            leftSection={<IconLeft size={16} />}
            onClick={() => onGo(back)}
            data-testid="back"
          >
            Back
          </Button>
        )}
        <NextButton {...props} />
      </div>
    </div>
  );
}
