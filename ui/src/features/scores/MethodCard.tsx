import { NumberInput, Paper, SegmentedControl, Stack, Switch, Text, Title } from "@mantine/core";
import type { MethodFormula } from "../../api";
import { METHOD_LABELS } from "../../components/labels";
import classes from "./Scores.module.css";
import { type FullSettings, type MethodName, USUAL_DECAY } from "./settings";

type Props = {
  settings: FullSettings;
  formulas: MethodFormula[];
  clubs: string[];
  onChange: (settings: FullSettings) => void;
};

type NumberProps = {
  label: string;
  value: number;
  min?: number;
  step?: number;
  suffix?: string;
  testId: string;
  onChange: (value: number) => void;
};

function Figure({ testId, onChange, ...rest }: NumberProps) {
  return (
    <NumberInput
      {...rest}
      max={1_000_000}
      onChange={(value) => typeof value === "number" && onChange(value)}
      data-testid={testId}
    />
  );
}

function Parameters({ settings, onChange }: Pick<Props, "settings" | "onChange">) {
  const figure = (name: "mean" | "spread" | "low" | "high", label: string) => (
    <Figure
      label={label}
      value={settings[name]}
      onChange={(value) => onChange({ ...settings, [name]: value })}
      testId={`score-${name}`}
    />
  );
  return (
    <div className={classes.figures}>
      {settings.method === "z_score" ? (
        <>
          {figure("mean", "Common mean")}
          {figure("spread", "Common spread")}
        </>
      ) : (
        <>
          {figure("low", "Lowest score")}
          {figure("high", "Highest score")}
        </>
      )}
    </div>
  );
}

function Decay({ settings, onChange }: Pick<Props, "settings" | "onChange">) {
  const { decay } = settings;
  return (
    <Stack gap={8}>
      <Switch
        label="Scores fade with the time since the last activity"
        description="What a score has above the floor halves in every half-life, counted to the first of the month of the push."
        checked={decay !== null}
        onChange={(event) =>
          onChange({ ...settings, decay: event.currentTarget.checked ? USUAL_DECAY : null })
        }
        data-testid="score-decay"
      />
      {decay && (
        <div className={classes.figures}>
          <Figure
            label="Half-life"
            suffix=" months"
            min={1}
            value={decay.half_life_months}
            onChange={(half_life_months) => onChange({ ...settings, decay: { ...decay, half_life_months } })}
            testId="score-half-life"
          />
          <Figure
            label="Floor"
            value={decay.floor}
            onChange={(floor) => onChange({ ...settings, decay: { ...decay, floor } })}
            testId="score-floor"
          />
        </div>
      )}
    </Stack>
  );
}

function Weights({ settings, clubs, onChange }: Omit<Props, "formulas">) {
  if (clubs.length < 2) return null;
  return (
    <div>
      <Title order={2} fz={15}>
        Weights of the clubs
      </Title>
      <Text size="sm" c="dimmed" mb={8}>
        The score of a member of several clubs is the weighted mean of their scores there; 0 leaves a club
        out.
      </Text>
      <div className={classes.figures}>
        {clubs.map((club) => (
          <Figure
            key={club}
            label={club}
            min={0}
            step={0.5}
            value={settings.weights[club] ?? 1}
            onChange={(weight) => onChange({ ...settings, weights: { ...settings.weights, [club]: weight } })}
            testId={`score-weight-${club}`}
          />
        ))}
      </div>
    </div>
  );
}

/** Method, parameters, decay and weights. */
export function MethodCard({ settings, formulas, clubs, onChange }: Props) {
  const formula = formulas.find(({ method }) => method === settings.method)?.formula;
  return (
    <Paper withBorder p="md" component="section" aria-label="Method">
      <Stack>
        <SegmentedControl
          aria-label="Method"
          value={settings.method}
          onChange={(method) => onChange({ ...settings, method: method as MethodName })}
          data={Object.entries(METHOD_LABELS).map(([value, { label }]) => ({ value, label }))}
          data-testid="score-method"
        />
        <Text size="sm" c="dimmed">
          {METHOD_LABELS[settings.method].meaning}
        </Text>
        {formula && (
          <p className={classes.formula} data-testid="score-formula">
            {formula}
          </p>
        )}
        <Parameters settings={settings} onChange={onChange} />
        <Decay settings={settings} onChange={onChange} />
        <Weights settings={settings} clubs={clubs} onChange={onChange} />
      </Stack>
    </Paper>
  );
}
