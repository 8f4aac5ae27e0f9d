import { Button, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type MemberChoice, type MemberQuery, useApi } from "../../api";
import { IconCross, IconSearch } from "../../components/icons";
import { keys } from "../../components/queryKeys";
import classes from "./Members.module.css";

/** What stands in the search, as typed. */
export type Search = {
  name: string;
  born: string;
  club: string | null;
  company: string | null;
  state: string | null;
};
export const NO_SEARCH: Search = { name: "", born: "", club: null, company: null, state: null };

const DATE = /^\d{4}(-\d{1,2}(-\d{1,2})?)?$/;

/** Whether anything is looked for. */
export function isSearching(search: Search): boolean {
  return Object.values(search).some((value) => value !== null && value.trim() !== "");
}

/** A date that is still being typed does not count. */
export function queryOf(search: Search): MemberQuery {
  const born = search.born.trim();
  return {
    name: search.name.trim() || null,
    born: DATE.test(born) ? born : null,
    club: search.club ? Number(search.club) : null,
    company: search.company ? Number(search.company) : null,
    state: search.state,
  };
}

const options = (choices: MemberChoice[]) =>
  choices.map(({ id, name }) => ({ value: String(id), label: name }));

/** Companies are many: the backend finds those whose name holds what was typed. */
export function useChoices(company: string) {
  const api = useApi();
  const [settled] = useDebouncedValue(company, 200);
  return useQuery({
    queryKey: keys.memberChoices(settled),
    queryFn: () => api.memberChoices(settled.trim() || null),
    placeholderData: keepPreviousData,
    // A push, also of others, brings new clubs and companies.
    staleTime: 0,
  });
}

function CompanyFilter({ value, onChange }: { value: string | null; onChange: (id: string | null) => void }) {
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<{ value: string; label: string } | null>(null);
  // The search text shows the chosen company's name; that is not something to look for.
  const choices = useChoices(chosen?.label === typed ? "" : typed);
  const found = options(choices.data?.companies ?? []);
  const data =
    chosen && value && !found.some((option) => option.value === value) ? [chosen, ...found] : found;
  return (
    <Select
      label="Company"
      placeholder="Any"
      searchable
      clearable
      allowDeselect
      data={data}
      filter={({ options: all }) => all}
      searchValue={typed}
      onSearchChange={setTyped}
      nothingFoundMessage="No such company"
      value={value}
      onChange={(next, option) => {
        setChosen(next === null ? null : option);
        onChange(next);
      }}
      clearButtonProps={{ "aria-label": "Any company", tabIndex: 0 }}
      data-testid="members-company"
    />
  );
}

/** The search box and the filters. */
export function Filters({ search, onChange }: { search: Search; onChange: (search: Search) => void }) {
  const choices = useChoices("");
  const born = search.born.trim();
  const set = (part: Partial<Search>) => onChange({ ...search, ...part });
  return (
    <search className={classes.filters} aria-label="Find members">
      <TextInput
        label="Name"
        placeholder="Given, family or preferred name"
        leftSection={<IconSearch size={16} />}
        value={search.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        autoComplete="off"
        data-testid="members-name"
      />
      <TextInput
        label="Birth date"
        placeholder="1971 or 1971-03-14"
        value={search.born}
        onChange={(event) => set({ born: event.currentTarget.value })}
        error={
          born.length >= 4 && !DATE.test(born) && !/^\d{4}-(\d{1,2}-)?$/.test(born)
            ? "YYYY-MM-DD or a year"
            : null
        }
        autoComplete="off"
        data-testid="members-born"
      />
      <Select
        label="Club"
        placeholder="Any"
        searchable
        clearable
        allowDeselect
        data={options(choices.data?.clubs ?? [])}
        value={search.club}
        onChange={(club) => set({ club })}
        clearButtonProps={{ "aria-label": "Any club", tabIndex: 0 }}
        data-testid="members-club"
      />
      <CompanyFilter value={search.company} onChange={(company) => set({ company })} />
      <Select
        label="State"
        placeholder="Any"
        searchable
        clearable
        allowDeselect
        data={choices.data?.states ?? []}
        value={search.state}
        onChange={(state) => set({ state })}
        clearButtonProps={{ "aria-label": "Any state", tabIndex: 0 }}
        data-testid="members-state"
      />
      <Button
        variant="default"
        leftSection={<IconCross size={16} />}
        disabled={!isSearching(search)}
        onClick={() => onChange(NO_SEARCH)}
        data-testid="members-clear"
      >
        Clear
      </Button>
    </search>
  );
}
