import { Group, Pagination, Paper, Skeleton, Stack, Tabs } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Fate, type PlanView, useApi } from "../../api";
import { Differences } from "../../components/Differences";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNotice } from "../../components/ErrorNotice";
import { count } from "../../components/format";
import { IconList } from "../../components/icons";
import { FATE_LABELS } from "../../components/labels";
import { Private } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import classes from "./Push.module.css";

const PAGE = 50;
const ALWAYS: Fate[] = ["insert", "skip_different", "skip_identical", "reject"];
const SOMETIMES: Fate[] = ["update", "conflict", "remove"];

/** The tabs of a plan; what not every plan has comes only where it does. */
function fatesOf({ counts }: PlanView): Fate[] {
  const [first, ...others] = ALWAYS;
  return [first as Fate, ...SOMETIMES.filter((fate) => counts[fate] > 0), ...others];
}

function Rows({ importId, plan, fate }: { importId: number; plan: PlanView; fate: Fate }) {
  const api = useApi();
  const [page, setPage] = useState(1);
  const rows = useQuery({
    queryKey: [...keys.plan(importId), "rows", plan.package, fate, page],
    queryFn: () => api.planRows(importId, fate, (page - 1) * PAGE, PAGE),
    placeholderData: keepPreviousData,
  });
  if (rows.error) return <ErrorNotice error={rows.error} retry={() => rows.refetch()} />;
  if (!rows.data) return <Skeleton height={180} m="md" aria-hidden="true" />;
  if (rows.data.total === 0) {
    return <EmptyState icon={<IconList size={26} />} title="No rows here" />;
  }
  const pages = Math.ceil(rows.data.total / PAGE);
  return (
    <Stack gap={0}>
      <table className={classes.table} aria-label={FATE_LABELS[fate]}>
        <thead>
          <tr>
            <th>Member</th>
            <th>From</th>
            <th style={{ width: "44%" }}>Why</th>
          </tr>
        </thead>
        <tbody>
          {rows.data.rows.map((row) => (
            <tr key={row.row}>
              <td className="one-line">
                <Private value={row.name} field="full_name" />
              </td>
              <td className="one-line">
                {row.fate === "remove" ? row.file : `${row.file}, line ${count(row.line)}`}
              </td>
              <td>
                <Differences row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {pages > 1 && (
        <Group justify="center" p="md">
          <Pagination
            size="sm"
            total={pages}
            value={page}
            onChange={setPage}
            getControlProps={(control) => ({ "aria-label": `${control} page` })}
          />
        </Group>
      )}
    </Stack>
  );
}

/** Every row of the plan, by what becomes of it. */
export function PlanDetails({ importId, plan }: { importId: number; plan: PlanView }) {
  const fates = fatesOf(plan);
  return (
    <Paper withBorder className={classes.details} component="section" aria-label="Row by row">
      <Tabs defaultValue={plan.counts.insert > 0 ? "insert" : "skip_identical"} keepMounted={false}>
        <Tabs.List>
          {fates.map((fate) => (
            <Tabs.Tab key={fate} value={fate} data-testid={`fate-${fate}`}>
              {FATE_LABELS[fate]} <span className="numeric">{count(plan.counts[fate])}</span>
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {fates.map((fate) => (
          <Tabs.Panel key={fate} value={fate}>
            <Rows importId={importId} plan={plan} fate={fate} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Paper>
  );
}
