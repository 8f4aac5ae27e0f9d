import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { type StatisticsQuery, useApi } from "../../api";
import { useJobMutation, useJobQuery } from "../../components/jobs";
import { keys } from "../../components/queryKeys";
import { isDay } from "./groups";

/** What is counted, as it stands in the filters. */
export type Choice = { club: string | null; day: string };
export const ALL: Choice = { club: null, day: "" };

/** Names of the work, for its progress. */
export const COUNTING = "statistics";
export const SAVING = "statistics-save";

/** A day that is still being typed does not count. */
function queryOf({ club, day }: Choice): StatisticsQuery {
  const typed = day.trim();
  return { club: club ? Number(club) : null, as_of: isDay(typed) ? typed : null };
}

/** The counts of what was chosen, counted anew each time that the screen is opened: others write, too. */
export function useStatistics(choice: Choice) {
  const api = useApi();
  const [settled] = useDebouncedValue(choice, 250);
  const query = queryOf(settled);
  const counted = useJobQuery(COUNTING, [...keys.statistics, query], (job) => api.statistics(query, job), {
    staleTime: 0,
    stopUnused: true,
  });
  return { query, counted };
}

/** The clubs of the database. */
export function useClubs() {
  const api = useApi();
  return useQuery({
    queryKey: keys.memberChoices(""),
    queryFn: () => api.memberChoices(null),
    staleTime: 0,
  });
}

/** Saves the counts where the person says. */
export function useSave(query: StatisticsQuery) {
  const api = useApi();
  return useJobMutation(
    SAVING,
    (_: undefined, job) => api.statisticsSave(query, job),
    (file) => {
      // null: the dialog was closed.
      if (file) notifications.show({ message: `Saved ${file.name}.`, autoClose: 4000 });
    },
  );
}
