import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type MemberEdit, type MemberView, useApi } from "../../api";
import { asUserError } from "../../components/errors";
import { useJobMutation } from "../../components/jobs";
import { keys } from "../../components/queryKeys";
import { type Conflict, ConflictNotice, rebase } from "./Conflict";
import { sayDone, useUndo } from "./DeleteMember";
import { changedKeys, keyOf, OF_MEMBERSHIP, partsOf, type Texts, textsOf, toValue } from "./fields";
import { MemberForm } from "./MemberForm";

function editOf(view: MemberView, texts: Texts, changed: string[]): MemberEdit {
  const memberships = view.memberships.map(({ id }) => ({
    id,
    values: OF_MEMBERSHIP.map((field) => keyOf(field, id))
      .filter((key) => changed.includes(key))
      .map((key) => toValue(key, texts)),
  }));
  return {
    version: view.version,
    values: changed.filter((key) => partsOf(key).membership === null).map((key) => toValue(key, texts)),
    memberships: memberships.filter(({ values }) => values.length > 0),
  };
}

type Props = { view: MemberView; onClose: () => void };

/** Edits a member. When somebody else saved meanwhile, both versions are shown and nothing is lost. */
export function EditMember({ view, onClose }: Props) {
  const api = useApi();
  const client = useQueryClient();
  const [base, setBase] = useState(view);
  const [texts, setTexts] = useState(() => textsOf(view));
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const changed = changedKeys(textsOf(base), texts);
  const undo = useUndo();
  const set = (key: string, text: string) => setTexts((before) => ({ ...before, [key]: text }));
  const reload = async () => {
    const theirs = await api.memberView(view.id);
    if (theirs.version === base.version) return false;
    const rebased = rebase(textsOf(base), texts, theirs);
    setConflict(rebased.conflict);
    setTexts(rebased.texts);
    setBase(theirs);
    return true;
  };
  const save = useJobMutation(
    "member-edit",
    async (confirmed: string | null, job) => {
      try {
        return await api.memberEdit(view.id, editOf(base, texts, changed), confirmed, job);
      } catch (reason) {
        // What was refused may be because of somebody else's change: then that is shown, and is no error.
        if (asUserError(reason).code === "refused" && (await reload())) return null;
        throw reason;
      }
    },
    (written, confirmed) => {
      if (!written) return;
      client.invalidateQueries({ queryKey: keys.members });
      client.invalidateQueries({ queryKey: keys.history });
      const { entry } = written;
      if (entry !== null) sayDone("member-saved", "The member was saved.", () => undo({ entry, confirmed }));
      onClose();
    },
  );
  return (
    <MemberForm
      view={base}
      texts={texts}
      onChange={set}
      changed={changed}
      busy={save.isPending}
      error={save.failure}
      save="Save"
      onSave={(confirmed) => save.mutate(confirmed)}
      onCancel={onClose}
    >
      {conflict && <ConflictNotice conflict={conflict} texts={texts} onChoose={set} />}
    </MemberForm>
  );
}
