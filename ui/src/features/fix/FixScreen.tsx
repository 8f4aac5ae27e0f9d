import { Button, Skeleton, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FieldInfo, type ImportView, type RowQuery, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { asUserError } from "../../components/errors";
import { useJobQuery } from "../../components/jobs";
import { ProgressPanel } from "../../components/ProgressPanel";
import { keepImport, keys } from "../../components/queryKeys";
import classes from "./Fix.module.css";
import { FixWorkspace } from "./FixWorkspace";

export type FixProps = {
  view: ImportView;
  query: RowQuery;
  onQuery: (query: RowQuery) => void;
  onColumns: () => void;
};

function Checking({ name }: { name: string }) {
  return (
    <div className={classes.waiting}>
      <ProgressPanel name={name} title="Checking the rows" />
      <Stack gap={8} mt="lg" aria-hidden="true">
        {Array.from({ length: 12 }, (_, line) => line).map((line) => (
          <Skeleton key={line} height={26} />
        ))}
      </Stack>
    </div>
  );
}

/** Step 3: what is wrong with the rows, and putting it right. The rows are read and checked first. */
export function FixScreen(props: FixProps) {
  const api = useApi();
  const client = useQueryClient();
  const { id } = props.view;
  const job = `stage-${id}`;
  const staged = useJobQuery(job, keys.staged(id), async (jobId) => {
    const view = await api.stage(id, jobId);
    keepImport(client, view);
    return true;
  });
  const fields = useQuery<FieldInfo[]>({
    queryKey: [...keys.fix(id), "fields"],
    queryFn: () => api.fields(id),
    enabled: staged.data === true,
  });
  const error = staged.error ?? fields.error;
  if (error) {
    return (
      <div className={classes.waiting}>
        <ErrorNotice error={error} retry={() => (staged.error ? staged.refetch() : fields.refetch())}>
          {asUserError(error).code === "needs_answer" && (
            <Button size="xs" onClick={props.onColumns}>
              Go to Columns
            </Button>
          )}
        </ErrorNotice>
        {staged.isFetching && <ProgressPanel name={job} title="Checking the rows" floating />}
      </div>
    );
  }
  if (!staged.data || !fields.data) return <Checking name={job} />;
  return <FixWorkspace {...props} fields={fields.data} />;
}
