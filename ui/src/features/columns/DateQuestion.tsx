import { Button, Group, Paper, Text, Title } from "@mantine/core";
import type { ColumnView, DateOrder, FileView } from "../../api";
import { count } from "../../components/format";
import { IconCalendar } from "../../components/icons";
import classes from "./Columns.module.css";

type Props = { file: FileView; column: ColumnView; busy: boolean; onAnswer: (order: DateOrder) => void };

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** Both readings of a date like 03/04/2018, or null when the text does not show the question. */
export function readings(sample: string): { dayMonth: string; monthDay: string } | null {
  const found = /^(\d{1,2})\D(\d{1,2})\D\d{2,4}/.exec(sample);
  const first = Number(found?.[1]);
  const second = Number(found?.[2]);
  const [firstMonth, secondMonth] = [MONTHS[first - 1], MONTHS[second - 1]];
  if (!firstMonth || !secondMonth || first === second) return null;
  return { dayMonth: `${first} ${secondMonth}`, monthDay: `${firstMonth} ${second}` };
}

/** A column of dates that fits both orders: a question, never a guess. */
export function DateQuestion({ file, column, busy, onAnswer }: Props) {
  const sample = column.samples.find((value) => readings(value)) ?? column.samples[0] ?? "03/04/2018";
  const read = readings(sample) ?? { dayMonth: "the day first", monthDay: "the month first" };
  const evidence = column.date_order;
  return (
    <Paper
      withBorder
      p="lg"
      component="section"
      className={classes.question}
      aria-label={`Question about ${column.header}`}
      data-testid={`date-question-${file.id}-${column.index}`}
    >
      <Group wrap="nowrap" align="flex-start" gap="md">
        <IconCalendar size={26} className={classes.questionIcon} />
        <div>
          <Title order={2}>
            {sample}: is it {read.dayMonth} or {read.monthDay}?
          </Title>
          <Text size="sm" c="dimmed" mt={2}>
            Column “{column.header}” of {file.name}.
            {evidence &&
              ` ${count(evidence.both)} dates fit both ways; ${count(evidence.day_month_only)} fit only with the day first, ${count(evidence.month_day_only)} only with the month first.`}
          </Text>
          <Group mt="md" gap="sm">
            <Button
              variant="default"
              disabled={busy}
              onClick={() => onAnswer("day_month")}
              data-testid="answer-day-month"
            >
              Day first: {read.dayMonth}
            </Button>
            <Button
              variant="default"
              disabled={busy}
              onClick={() => onAnswer("month_day")}
              data-testid="answer-month-day"
            >
              Month first: {read.monthDay}
            </Button>
          </Group>
        </div>
      </Group>
    </Paper>
  );
}
