import { Tabs } from "@mantine/core";
import type { FieldInfo, ImportView, RowQuery } from "../../api";
import { FacetPanel } from "./FacetPanel";
import classes from "./Fix.module.css";
import { IssuePanel } from "./IssuePanel";
import { StepPanel } from "./StepPanel";
import type { Operations } from "./useOperations";

type Props = {
  view: ImportView;
  fields: FieldInfo[];
  query: RowQuery;
  onQuery: (query: RowQuery) => void;
  operations: Operations;
};

/** What is wrong, what values there are, and what was done. */
export function SidePanel({ view, fields, query, onQuery, operations }: Props) {
  const steps = operations.operations.length;
  return (
    <aside className={classes.side} aria-label="Issues, facets and steps">
      <Tabs defaultValue="issues" className={classes.tabs} keepMounted={false}>
        <Tabs.List grow>
          <Tabs.Tab className={classes.tab} value="issues" data-testid="tab-issues">
            Issues
          </Tabs.Tab>
          <Tabs.Tab className={classes.tab} value="facets" data-testid="tab-facets">
            Facets
          </Tabs.Tab>
          <Tabs.Tab className={classes.tab} value="steps" data-testid="tab-steps">
            {steps > 0 ? `Steps ${steps}` : "Steps"}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="issues" className={classes.panel}>
          <IssuePanel importId={view.id} query={query} onQuery={onQuery} />
        </Tabs.Panel>
        <Tabs.Panel value="facets" className={classes.panel}>
          <FacetPanel view={view} fields={fields} query={query} onQuery={onQuery} />
        </Tabs.Panel>
        <Tabs.Panel value="steps" className={classes.panel}>
          <StepPanel operations={operations} />
        </Tabs.Panel>
      </Tabs>
    </aside>
  );
}
