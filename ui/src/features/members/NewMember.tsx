import { Autocomplete, Drawer } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Field, useApi } from "../../api";
import { useJobMutation } from "../../components/jobs";
import { keys } from "../../components/queryKeys";
import { sayDone, useUndo } from "./DeleteMember";
import { useChoices } from "./Filters";
import { changedKeys, OF_MEMBER, OF_MEMBERSHIP, type Texts, toValue } from "./fields";
import { MemberForm } from "./MemberForm";

const FIELDS: Field[] = [...OF_MEMBER, "source_key", ...OF_MEMBERSHIP];
const BLANK: Texts = Object.fromEntries(FIELDS.map((field) => [field, ""]));

type Props = { onClose: () => void; onCreated: (id: number) => void; onUndone: () => void };

/** Adds a member with a membership in a club. */
export function NewMember({ onClose, onCreated, onUndone }: Props) {
  const api = useApi();
  const client = useQueryClient();
  const [texts, setTexts] = useState(BLANK);
  const [club, setClub] = useState("");
  const [clubError, setClubError] = useState<string | null>(null);
  const choices = useChoices("");
  const changed = changedKeys(BLANK, texts);
  const undo = useUndo(onUndone);
  const create = useJobMutation(
    "member-create",
    (confirmed: string | null, job) => {
      const values = changed.map((key) => toValue(key, texts));
      return api.memberCreate({ club: club.trim(), values }, confirmed, job);
    },
    ({ member, entry }, confirmed) => {
      client.invalidateQueries({ queryKey: keys.members });
      client.invalidateQueries({ queryKey: keys.history });
      if (entry !== null)
        sayDone("member-created", "The member was added.", () => undo({ entry, confirmed }));
      onCreated(member);
    },
  );
  return (
    <Drawer opened onClose={onClose} position="right" size={620} title="New member" data-testid="member-new">
      <MemberForm
        view={null}
        texts={texts}
        onChange={(key, text) => setTexts((before) => ({ ...before, [key]: text }))}
        changed={changed}
        busy={create.isPending}
        error={create.failure}
        save="Add member"
        onSave={(confirmed) => {
          if (club.trim()) create.mutate(confirmed);
          else setClubError("Choose a club, or type the name of a new one.");
        }}
        onCancel={onClose}
      >
        <Autocomplete
          label="Club"
          placeholder="A club, or the name of a new one"
          data={[...new Set(choices.data?.clubs.map(({ name }) => name))]}
          value={club}
          onChange={(name) => {
            setClub(name);
            setClubError(null);
          }}
          error={clubError}
          data-autofocus
          data-testid="member-new-club"
        />
      </MemberForm>
    </Drawer>
  );
}
