import { Alert, SegmentedControl, Table, Text } from "@mantine/core";
import type { MemberView } from "../../api";
import { moment } from "../../components/format";
import { IconAlert } from "../../components/icons";
import { labelOf, type Texts, textsOf } from "./fields";
import classes from "./Members.module.css";

/** What somebody else saved while this person was editing. */
export type Conflict = {
  theirs: MemberView;
  /** what this person had typed, by key */
  mine: Texts;
  /** fields that both changed, differently */
  both: string[];
  /** fields that only they changed: taken over */
  taken: string[];
};

/** Lays an edit over what somebody else saved meanwhile. */
export function rebase(base: Texts, mine: Texts, theirs: MemberView): { conflict: Conflict; texts: Texts } {
  const saved = textsOf(theirs);
  const both: string[] = [];
  const taken: string[] = [];
  const texts: Texts = {};
  for (const key of Object.keys(saved)) {
    const [was, is] = [base[key] ?? "", saved[key] ?? ""];
    const typed = (mine[key] ?? "").trim();
    const changedByMe = typed !== was;
    texts[key] = changedByMe ? (mine[key] ?? "") : is;
    if (is === was) continue;
    if (!changedByMe) taken.push(key);
    else if (typed !== is) both.push(key);
  }
  return { conflict: { theirs, mine, both, taken }, texts };
}

const shown = (text: string | undefined) => text || "(blank)";

type Props = { conflict: Conflict; texts: Texts; onChoose: (key: string, text: string) => void };

/** Yours and theirs, side by side, to take one of each. */
export function ConflictNotice({ conflict, texts, onChoose }: Props) {
  const { theirs, mine, both, taken } = conflict;
  const last = theirs.history[0];
  const saved = textsOf(theirs);
  const who = last
    ? `${last.person} changed this member on ${moment(last.at)}`
    : "Somebody changed this member";
  return (
    <Alert
      color="yellow"
      variant="light"
      icon={<IconAlert />}
      title={`${who} while you were editing`}
      role="alert"
      data-testid="member-conflict"
    >
      <Text size="sm">
        Nothing of yours is saved yet.{" "}
        {both.length > 0
          ? "You both changed these fields. Choose for each, then save again:"
          : "You changed other fields: save again to add yours to theirs."}
      </Text>
      {both.length > 0 && (
        <Table className={classes.conflict} mt="xs" aria-label="Fields that you both changed">
          <Table.Thead>
            <Table.Tr>
              {["Field", "Yours", "Theirs", "Take"].map((name) => (
                <Table.Th key={name}>{name}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {both.map((key) => (
              <Table.Tr key={key} data-testid={`conflict-${key}`}>
                <Table.Th scope="row">{labelOf(key, theirs)}</Table.Th>
                <Table.Td>{shown(mine[key])}</Table.Td>
                <Table.Td>{shown(saved[key])}</Table.Td>
                <Table.Td>
                  <SegmentedControl
                    size="xs"
                    aria-label={`Which ${labelOf(key, theirs)} to take`}
                    data={[
                      { value: "mine", label: "Yours" },
                      { value: "theirs", label: "Theirs" },
                    ]}
                    value={texts[key] === saved[key] ? "theirs" : "mine"}
                    onChange={(side) => onChoose(key, (side === "mine" ? mine[key] : saved[key]) ?? "")}
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {taken.length > 0 && (
        <Text size="sm" mt="xs">
          Also changed by them, and now below: {taken.map((key) => labelOf(key, theirs)).join(", ")}.
        </Text>
      )}
    </Alert>
  );
}
