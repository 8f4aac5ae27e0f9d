import { Button, Group, Text, Title } from "@mantine/core";
import type { MergedFrom } from "../../api";
import { moment } from "../../components/format";
import { IconSplit } from "../../components/icons";
import { Private } from "../../components/privacy";
import classes from "./Members.module.css";

type Props = { merged: MergedFrom[]; onUnmerge: (from: MergedFrom) => void };

/** Who was merged into a member, each with a way back. */
export function MergedFromList({ merged, onUnmerge }: Props) {
  if (merged.length === 0) return null;
  return (
    <>
      <Title order={3}>Merged from</Title>
      {merged.map((from) => (
        <div key={from.member} className={classes.card} data-testid={`merged-${from.member}`}>
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <div>
              <Text fw={600}>
                <Private value={from.name || `Member ${from.member}`} field="full_name" />
              </Text>
              <Text size="sm" c="dimmed">
                Member {from.member}
                {from.clubs.length > 0 && `, ${from.clubs.join(", ")}`}
              </Text>
              <Text size="xs" c="dimmed">
                Merged by {from.person}
                {from.kind === "push" ? ` with push ${from.entry}` : ""}, {moment(from.at)}
              </Text>
            </div>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconSplit size={14} />}
              onClick={() => onUnmerge(from)}
              aria-label={`Un-merge member ${from.member}`}
              data-testid={`unmerge-${from.member}`}
            >
              Un-merge…
            </Button>
          </Group>
        </div>
      ))}
    </>
  );
}
