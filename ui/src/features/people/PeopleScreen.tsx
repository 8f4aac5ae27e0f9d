import { Button, Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ImportView, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { asUserError } from "../../components/errors";
import { keys } from "../../components/queryKeys";
import classes from "./People.module.css";
import { PeopleWorkspace } from "./PeopleWorkspace";
import { Start } from "./Start";
import { useMatching } from "./useMatching";

export type PeopleProps = { view: ImportView; onColumns: () => void; onPush: () => void };

/** Step 4: who is who. Matching is started by the person; what is doubtful is then settled in a queue. */
export function PeopleScreen({ view, onColumns, onPush }: PeopleProps) {
  const api = useApi();
  const people = useQuery({
    queryKey: keys.people(view.id),
    queryFn: () => api.people(view.id),
    // Rows and the database change on other screens.
    staleTime: 0,
  });
  const matching = useMatching(view.id);
  if (!people.data) {
    return (
      <Center className={classes.waiting}>
        {people.error ? (
          <ErrorNotice error={people.error} retry={() => people.refetch()}>
            {asUserError(people.error).code === "needs_answer" && (
              <Button size="xs" onClick={onColumns}>
                Go to Columns
              </Button>
            )}
          </ErrorNotice>
        ) : (
          <Loader aria-label="Opening who is who" />
        )}
      </Center>
    );
  }
  if (people.data.state === "missing")
    return <Start people={people.data} matching={matching} onColumns={onColumns} />;
  return <PeopleWorkspace importId={view.id} people={people.data} matching={matching} onPush={onPush} />;
}
