import { notifications } from "@mantine/notifications";
import { type QueryKey, type UseQueryResult, useMutation, useQuery } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import { type Api, type Progress, useApi } from "../api";
import { isCancelled } from "./errors";

/** A running piece of long work. */
export type JobState = { job: string; startedAt: number; progress: Progress | null; cancelling: boolean };

/** Knows the running jobs by a name the screens choose, so that a screen left and opened again finds its job. */
class JobStore {
  private jobs = new Map<string, JobState>();
  private listeners = new Set<() => void>();

  constructor(private api: Api) {}

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  get(name: string): JobState | null {
    return this.jobs.get(name) ?? null;
  }

  private set(name: string, state: JobState | null) {
    if (state) this.jobs.set(name, state);
    else this.jobs.delete(name);
    for (const listener of this.listeners) listener();
  }

  /** `unused`: nobody waits for the answer any more. */
  async run<T>(name: string, work: (job: string) => Promise<T>, unused?: AbortSignal): Promise<T> {
    const job = crypto.randomUUID();
    // A job that cannot be cancelled ends by itself.
    unused?.addEventListener("abort", () => this.api.cancelJob(job).catch(() => {}));
    this.set(name, { job, startedAt: Date.now(), progress: null, cancelling: false });
    try {
      return await work(job);
    } finally {
      if (this.get(name)?.job === job) this.set(name, null);
    }
  }

  report(progress: Progress) {
    for (const [name, state] of this.jobs)
      if (state.job === progress.job) this.set(name, { ...state, progress });
  }

  cancel(name: string) {
    const state = this.get(name);
    if (!state || state.cancelling) return;
    this.set(name, { ...state, cancelling: true });
    // A failed cancel leaves the job running; its own end tells the person.
    this.api.cancelJob(state.job).catch(() => this.set(name, { ...state, cancelling: false }));
  }
}

const JobsContext = createContext<JobStore | null>(null);

/** Listens to the backend's progress for all screens below. */
export function JobsProvider({ children }: { children: ReactNode }) {
  const api = useApi();
  const [store] = useState(() => new JobStore(api));
  useEffect(() => api.onProgress((progress) => store.report(progress)), [api, store]);
  return <JobsContext.Provider value={store}>{children}</JobsContext.Provider>;
}

function useJobStore(): JobStore {
  const store = useContext(JobsContext);
  if (!store) throw new Error("jobs are used outside of JobsProvider");
  return store;
}

/** The running job of that name, if any, and how to stop it. */
export function useJobState(name: string): { state: JobState | null; cancel: () => void } {
  const store = useJobStore();
  const state = useSyncExternalStore(store.subscribe, () => store.get(name));
  const cancel = useCallback(() => store.cancel(name), [store, name]);
  return { state, cancel };
}

/** Says that the person's cancel was heard. */
export function sayCancelled() {
  notifications.show({ message: "Cancelled. Nothing was changed.", color: "gray", autoClose: 4000 });
}

/** Long work that a person starts. When they cancel it, that is said and is not an error. */
export function useJobMutation<A, T>(
  name: string,
  work: (argument: A, job: string) => Promise<T>,
  done?: (result: T, argument: A) => void,
) {
  const store = useJobStore();
  const mutation = useMutation<T, unknown, A>({
    mutationFn: (argument) => store.run(name, (job) => work(argument, job)),
    onSuccess: done,
    onError: (reason) => {
      if (isCancelled(reason)) sayCancelled();
    },
  });
  return { ...mutation, failure: isCancelled(mutation.error) ? null : mutation.error };
}

/** `stopUnused`: the work stops when no screen waits for it any more; otherwise a screen that is opened again finds it. */
type JobQueryOptions = { staleTime?: number; stopUnused?: boolean };

/** Long work that a screen needs before it can show anything. */
export function useJobQuery<T>(
  name: string,
  queryKey: QueryKey,
  work: (job: string) => Promise<T>,
  { staleTime, stopUnused = false }: JobQueryOptions = {},
): UseQueryResult<T, unknown> {
  const store = useJobStore();
  return useQuery<T, unknown>({
    queryKey,
    // Whether the signal is looked at decides whether leaving the screen stops the work.
    queryFn: (context) => store.run(name, work, stopUnused ? context.signal : undefined),
    retry: false,
    // What is not said is the client's to say.
    ...(staleTime === undefined ? {} : { staleTime }),
  });
}
