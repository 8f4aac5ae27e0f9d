import { Button, Checkbox, Group, Select, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Field, type FieldInfo, type ImportView, type RowQuery, useApi } from "../../api";
import { ErrorNotice } from "../../components/ErrorNotice";
import { count, plural } from "../../components/format";
import { IconSearch } from "../../components/icons";
import { Private } from "../../components/privacy";
import { keys } from "../../components/queryKeys";
import classes from "./Fix.module.css";

type Props = { view: ImportView; fields: FieldInfo[]; query: RowQuery; onQuery: (query: RowQuery) => void };

/** The query with one value of a field chosen or not; a field without chosen values is no filter. */
export function toggleFacet(query: RowQuery, field: Field, value: string | null): RowQuery {
  const chosen = query.facets.find((facet) => facet.field === field)?.values ?? [];
  const values = chosen.includes(value) ? chosen.filter((v) => v !== value) : [...chosen, value];
  const others = query.facets.filter((facet) => facet.field !== field);
  return { ...query, facets: values.length > 0 ? [...others, { field, values }] : others };
}

function FacetValues({
  importId,
  field,
  query,
  onQuery,
}: { importId: number; field: Field } & Pick<Props, "query" | "onQuery">) {
  const api = useApi();
  const [search, setSearch] = useState("");
  const [needle] = useDebouncedValue(search.trim() || null, 250);
  const chosen = query.facets.find((facet) => facet.field === field)?.values ?? [];
  // Counted without this field's own choice, so that its other values can be added.
  const counted = { ...query, sort: [], facets: query.facets.filter((facet) => facet.field !== field) };
  const facet = useQuery({
    queryKey: [...keys.fix(importId), "facet", field, counted, needle],
    queryFn: () => api.facet(importId, field, counted, needle),
    placeholderData: keepPreviousData,
  });
  return (
    <Stack gap={6} mt="sm">
      <TextInput
        size="xs"
        aria-label="Search the values"
        placeholder="Search the values"
        leftSection={<IconSearch size={14} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <ErrorNotice error={facet.error} retry={() => facet.refetch()} />
      {facet.isPending && <Skeleton height={120} aria-hidden="true" />}
      {facet.data && (
        <Group justify="space-between" px={6} h={24}>
          <Text size="xs" c="dimmed">
            {plural(facet.data.distinct, "value")}
          </Text>
          {chosen.length > 0 && (
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() => onQuery({ ...query, facets: counted.facets })}
            >
              Clear
            </Button>
          )}
        </Group>
      )}
      <div>
        {facet.data?.values.map(({ value, rows }) => (
          <div className={classes.facet} key={value ?? "\u0000"}>
            <Checkbox
              size="xs"
              label={value === null ? "(empty)" : <Private value={value} field={field} />}
              checked={chosen.includes(value)}
              onChange={() => onQuery(toggleFacet(query, field, value))}
            />
            <Text size="xs" c="dimmed" className="numeric">
              {count(rows)}
            </Text>
          </div>
        ))}
      </div>
      {facet.data && facet.data.distinct > facet.data.values.length && needle === null && (
        <Text size="xs" c="dimmed" px={6}>
          The {count(facet.data.values.length)} most frequent; search for others.
        </Text>
      )}
    </Stack>
  );
}

/** Filters by the values that are there. */
export function FacetPanel({ view, fields, query, onQuery }: Props) {
  const used = fields.filter((info) => info.used);
  const first =
    query.facets[0]?.field ?? used.find((info) => info.kind === "choice")?.field ?? used[0]?.field ?? null;
  const [field, setField] = useState<Field | null>(first);
  const members = view.files.filter((file) => file.role === "members");
  return (
    <>
      <Stack gap="xs">
        {members.length > 1 && (
          <Select
            size="xs"
            label="File"
            data={[
              { value: "all", label: "All files" },
              ...members.map((file) => ({ value: String(file.id), label: file.name })),
            ]}
            value={query.file === null ? "all" : String(query.file)}
            onChange={(value) =>
              onQuery({ ...query, file: value === "all" || value === null ? null : Number(value) })
            }
            data-testid="filter-file"
          />
        )}
        <Select
          size="xs"
          label="Field"
          data={used.map((info) => ({ value: info.field, label: info.label }))}
          value={field}
          onChange={(value) => setField(value as Field | null)}
          searchable
          data-testid="facet-field"
        />
      </Stack>
      {field && <FacetValues key={field} importId={view.id} field={field} query={query} onQuery={onQuery} />}
    </>
  );
}
