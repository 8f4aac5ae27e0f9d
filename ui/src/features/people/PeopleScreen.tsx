import { Button, Center, Loader } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ImportView, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { asUserError } from "../../components/errors";
import { useJobQuery } from "../../components/jobs";
import { ProgressPanel } from "../../components/ProgressPanel";
import { keepImport, keys } from "../../components/queryKeys";
import classes from "./People.module.css";
import { PeopleWorkspace } from "./PeopleWorkspace";
import { Start } from "./Start";
import { useMatching } from "./useMatching";

export type PeopleProps = { view: ImportView; onColumns: () => void; onPush: () => void };

/** Who is who as far as it is found. The rows are checked first, where Fix was passed over. */
function usePeople(id: number) {
  const api = useApi();
  const client = useQueryClient();
  const job = `stage-${id}`;
  const staged = useJobQuery(job, keys.staged(id), async (jobId) => {
    keepImport(client, await api.stage(id, jobId));
    return true;
  });
  const people = useQuery({
    queryKey: keys.people(id),
    queryFn: () => api.people(id),
    enabled: staged.data === true,
    // Rows and the database change on other screens.
    staleTime: 0,
  });
  const failed = staged.error ? staged : people;
  return { job, data: people.data, error: failed.error, retry: failed.refetch };
}

/** Step 4: who is who. Matching is started by the person; what is doubtful is then settled in a queue. */
export function PeopleScreen({ view, onColumns, onPush }: PeopleProps) {
  const people = usePeople(view.id);
  const matching = useMatching(view.id);
  if (!people.data) {
    return (
      <Center className={classes.waiting}>
        {people.error ? (
          <ErrorNotice error={people.error} retry={() => people.retry()}>
            {asUserError(people.error).code === "needs_answer" && (
              <Button size="xs" onClick={onColumns}>
                Go to Columns
              </Button>
            )}
          </ErrorNotice>
        ) : (
          <Loader aria-label="Opening who is who" />
        )}
        <ProgressPanel name={people.job} title="Checking the rows" floating />
      </Center>
    );
  }
  if (people.data.state === "missing")
    return <Start people={people.data} matching={matching} onColumns={onColumns} />;
  return <PeopleWorkspace importId={view.id} people={people.data} matching={matching} onPush={onPush} />;
}
