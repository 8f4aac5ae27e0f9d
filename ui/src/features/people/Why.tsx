import { Select, Text, Title } from "@mantine/core";
import { type Ref, useState } from "react";
import type { PersonGroup, Thresholds } from "../../api";
import { weakestLink } from "./compare";
import { Waterfall } from "./Waterfall";
import classes from "./Why.module.css";
import { likely } from "./words";

type Props = { group: PersonGroup; thresholds: Thresholds; focusRef: Ref<HTMLElement> };

/** Why a pair scored what it did. In a group of more than two, any of its pairs. */
export function Why({ group, thresholds, focusRef }: Props) {
  const weakest = weakestLink(group);
  const [at, setAt] = useState(() => (weakest ? group.pairs.indexOf(weakest) : 0));
  const pair = group.pairs[at] ?? group.pairs[0];
  const number = (record: number) => group.records.findIndex((known) => known.record === record) + 1;
  return (
    <section ref={focusRef} tabIndex={-1} className={classes.why} aria-label="Why" data-testid="why">
      <div className={classes.head}>
        <Title order={2}>Why</Title>
        {group.pairs.length > 1 && (
          <Select
            size="xs"
            w={190}
            aria-label="Pair of records"
            data={group.pairs.map((one, index) => ({
              value: String(index),
              label: `${number(one.a)} and ${number(one.b)}: ${one.same_key ? "one key" : likely(one.probability)}`,
            }))}
            value={String(at)}
            onChange={(value) => setAt(Number(value))}
            data-testid="why-pair"
          />
        )}
      </div>
      {pair ? (
        <>
          {group.pairs.length > 1 && <Text size="sm">{pair.sentence}</Text>}
          <Waterfall pair={pair} thresholds={thresholds} />
        </>
      ) : (
        <Text size="sm" c="dimmed">
          No two of these records were compared.
        </Text>
      )}
    </section>
  );
}
