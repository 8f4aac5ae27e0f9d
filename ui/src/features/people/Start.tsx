import { Button } from "@mantine/core";
import type { PeopleView } from "../../api";
import { EmptyState } from "../../components/EmptyState";
import { ErrorNotice } from "../../components/ErrorNotice";
import { asUserError } from "../../components/errors";
import { plural } from "../../components/format";
import { IconMembers } from "../../components/icons";
import { ProgressPanel } from "../../components/ProgressPanel";
import classes from "./People.module.css";
import type { Matching } from "./useMatching";

type Props = { people: PeopleView; matching: Matching; onColumns: () => void };

/** Before matching: what it does, and the button that starts it. */
export function Start({ people, matching, onColumns }: Props) {
  const { records } = people.counts;
  return (
    <div className={classes.start}>
      <h1 className="visually-hidden">People</h1>
      <EmptyState
        icon={<IconMembers size={28} />}
        title="Who is who?"
        actions={
          <Button size="md" onClick={matching.run} loading={matching.busy} data-testid="find-people">
            Find who is who
          </Button>
        }
      >
        Muster compares the {records > 0 ? plural(records, "clean record") : "clean records"} within each
        list, between the clubs and with the members in the database, puts together those that are surely one
        person, and asks you about those it doubts.
      </EmptyState>
      <ErrorNotice error={matching.error} retry={matching.run}>
        {asUserError(matching.error).code === "needs_answer" && (
          <Button size="xs" onClick={onColumns}>
            Go to Columns
          </Button>
        )}
      </ErrorNotice>
      <ProgressPanel name={matching.job} title="Finding who is who" />
    </div>
  );
}
