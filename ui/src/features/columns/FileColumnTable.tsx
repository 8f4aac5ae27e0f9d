import { Alert, Button, Paper, Progress, Select, Text, Title, Tooltip } from "@mantine/core";
import type { ColumnView, DateOrder, FileColumns, Target } from "../../api";
import { count, percent, plural } from "../../components/format";
import { IconAlert } from "../../components/icons";
import { TARGET_LABELS, TARGETS_BY_ROLE, targetNames } from "../../components/labels";
import { Private } from "../../components/privacy";
import classes from "./Columns.module.css";

type Props = {
  index: number;
  fileColumns: FileColumns;
  onTarget: (column: number, target: Target | null) => void;
  onOrder: (column: number, order: DateOrder) => void;
  onValues: (column: ColumnView) => void;
};

const EXTRA = "extra";
const CHOSEN_BY = { muster: "Muster", person: "You", template: "Remembered" };

function Sure({ column }: { column: ColumnView }) {
  const sure = column.target === null ? "no" : column.confidence >= 0.85 ? "yes" : "likely";
  const text = column.target === null ? "–" : percent(column.confidence);
  return (
    <Tooltip label={column.why} multiline maw={320}>
      <button type="button" className={classes.sure} aria-label={`How sure: ${text}. ${column.why}`}>
        <span className={classes.dot} data-sure={sure} />
        <span className="numeric">{text}</span>
      </button>
    </Tooltip>
  );
}

function OrderSelect({ column, onOrder }: { column: ColumnView; onOrder: (order: DateOrder) => void }) {
  if (!column.date_order || column.date_order.question) return null;
  return (
    <Select
      size="xs"
      className={classes.order}
      aria-label={`Order of the dates in ${column.header}`}
      data={[
        { value: "day_month", label: "Day first" },
        { value: "month_day", label: "Month first" },
      ]}
      value={column.date_order.chosen}
      onChange={(value) => value && onOrder(value as DateOrder)}
    />
  );
}

function ColumnRow({ column, ...props }: { column: ColumnView } & Props) {
  const { file } = props.fileColumns;
  const targets = TARGETS_BY_ROLE[file.role].map((value) => ({ value, label: TARGET_LABELS[value] }));
  const samples = column.samples.slice(0, 3).join(" · ");
  return (
    <tr>
      <td>
        <Text fw={600} size="sm" className="one-line" title={column.header}>
          {column.header || `Column ${column.index + 1}`}
        </Text>
      </td>
      <td className={`${classes.samples} one-line`}>
        <Private value={samples} field={column.target} />
      </td>
      <td>
        <Text size="xs" c="dimmed" className="numeric" mb={3}>
          {percent(column.fill_rate)}
        </Text>
        <Progress
          value={column.fill_rate * 100}
          size={4}
          aria-label={`Filled: ${percent(column.fill_rate)}`}
        />
      </td>
      <td>
        <Select
          size="xs"
          aria-label={`Our field for ${column.header}`}
          data={[{ value: EXTRA, label: "Keep as extra" }, ...targets]}
          value={column.target ?? EXTRA}
          onChange={(value) => props.onTarget(column.index, value === EXTRA ? null : (value as Target))}
          searchable
          nothingFoundMessage="No such field"
          data-testid={`column-target-${props.index}-${column.index}`}
        />
        <OrderSelect column={column} onOrder={(order) => props.onOrder(column.index, order)} />
      </td>
      <td>
        <Sure column={column} />
      </td>
      <td>
        <Text size="sm" c={column.chosen_by === "muster" ? "dimmed" : undefined}>
          {CHOSEN_BY[column.chosen_by]}
        </Text>
      </td>
      <td>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => props.onValues(column)}
          aria-label={`Values of ${column.header}: ${plural(column.distinct, "different value")}`}
          data-testid={`column-values-${props.index}-${column.index}`}
        >
          {count(column.distinct)}
        </Button>
        {column.unreadable > 0 && (
          <Text size="xs" c="var(--m-warning)" mt={2}>
            {count(column.unreadable)} unreadable
          </Text>
        )}
        {column.mapped_values > 0 && (
          <Text size="xs" c="dimmed" mt={2}>
            {count(column.mapped_values)} mapped
          </Text>
        )}
      </td>
    </tr>
  );
}

/** The columns of one file and what they fill. */
export function FileColumnTable(props: Props) {
  const { file, columns, missing, template } = props.fileColumns;
  return (
    <Paper withBorder className={classes.frame} component="section" aria-label={file.name}>
      <div className={classes.head}>
        <Title order={2}>{file.name}</Title>
        <Text size="sm" c="dimmed">
          {file.role === "companies" ? "List of companies" : file.source}
          {template && ` · mapped as remembered from “${template}”`}
        </Text>
      </div>
      {missing.length > 0 && (
        <div className={classes.missing}>
          <Alert color="yellow" variant="light" icon={<IconAlert size={18} />} py={8}>
            No column fills: {targetNames(missing)}. Choose the column that holds it.
          </Alert>
        </div>
      )}
      <table className={classes.table} aria-label={`Columns of ${file.name}`}>
        <thead>
          <tr>
            <th style={{ width: "17%" }}>Their column</th>
            <th>Sample values</th>
            <th style={{ width: 84 }}>Filled</th>
            <th style={{ width: 178 }}>Our field</th>
            <th style={{ width: 84 }}>How sure</th>
            <th style={{ width: 98 }}>Chosen by</th>
            <th style={{ width: 104 }}>Values</th>
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <ColumnRow key={column.index} column={column} {...props} />
          ))}
        </tbody>
      </table>
    </Paper>
  );
}
