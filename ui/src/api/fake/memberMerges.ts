import type {
  Field,
  FieldChange,
  FieldValue,
  MemberMerge,
  MemberView,
  MergeReport,
  MovedMembership,
  UnmergeReport,
} from "../bindings";
import { FakeMembers, valueIn } from "./members";

/** A merge: how both were, and what it changed. */
type Merge = { kept: MemberView; gone: MemberView; changes: FieldChange[] };

const moved = (view: MemberView, other: MemberView): MovedMembership[] =>
  view.memberships.map(({ id, club }) => ({
    id,
    club,
    twice: other.memberships.some((membership) => membership.club === club),
    edited: false,
  }));

const nameOf = ({ values }: MemberView) =>
  [valueIn(values, "given_name"), valueIn(values, "family_name")].filter(Boolean).join(" ");

function write(values: FieldValue[], field: Field, value: string | null) {
  const kept = values.find((of) => of.field === field);
  if (kept) kept.value = value;
}

/** Members who are merged and told apart, in the fake backend. */
export abstract class FakeMemberMerges extends FakeMembers {
  private merges: Merge[] = [];

  async memberMerge(
    merge: MemberMerge,
    dryRun: boolean,
    confirmed: string | null,
    job: string,
  ): Promise<MergeReport> {
    if (dryRun) await this.ready("memberMerge");
    else await this.work("memberMerge", job, "Saving", 1);
    const kept = this.seen(merge.keep, merge.keep_version);
    const gone = this.seen(merge.other, merge.other_version);
    const changes = merge.values.flatMap(({ field, value }): FieldChange[] => {
      const before = valueIn(kept.values, field);
      return before === value ? [] : [{ field, club: null, before, after: value }];
    });
    const memberships = moved(gone, kept);
    const report = { member: kept.id, merged: gone.id, entry: null, changes, memberships };
    if (dryRun) return report;
    this.confirm(confirmed);
    const after = structuredClone(kept);
    for (const { field, after: value } of changes) if (field) write(after.values, field, value);
    after.memberships.push(...structuredClone(gone.memberships));
    after.sources.push(...structuredClone(gone.sources));
    const { history } = after;
    history.unshift(this.happened(this.nextEntry(), "merge", "changed", changes, "you"));
    after.merged_from.push({
      member: gone.id,
      name: nameOf(gone),
      birth_date: valueIn(gone.values, "birth_date"),
      clubs: gone.memberships.map(({ club }) => club),
      entry: this.nextEntry(),
      kind: "merge",
      person: "you",
      at: "2026-11-20T09:30:00.000Z",
    });
    this.merges.push({ kept, gone, changes });
    return { ...report, entry: this.replace([kept, gone], [after]) };
  }

  async memberUnmerge(
    mergedId: number,
    version: number | null,
    dryRun: boolean,
    confirmed: string | null,
    job: string,
  ): Promise<UnmergeReport> {
    if (dryRun) await this.ready("memberUnmerge");
    else await this.work("memberUnmerge", job, "Saving", 1);
    const merge = this.merges.findLast(({ gone }) => gone.id === mergedId);
    if (!merge) throw this.notFound();
    const now = this.seen(merge.kept.id, version);
    const stays = ({ field, after }: FieldChange) => field !== null && valueIn(now.values, field) !== after;
    const kept_fields = merge.changes.filter(stays).flatMap(({ field }) => field ?? []);
    const changes = merge.changes
      .filter((change) => !stays(change))
      .map(({ field, before, after }) => ({ field, club: null, before: after, after: before }));
    const report: UnmergeReport = {
      member: now.id,
      merged: mergedId,
      name: nameOf(merge.gone),
      entry: null,
      changes,
      kept_fields,
      memberships: moved(merge.gone, merge.kept),
      missing: 0,
    };
    if (dryRun) return report;
    this.confirm(confirmed);
    const after = structuredClone(now);
    for (const { field, after: value } of changes) if (field) write(after.values, field, value);
    const theirs = new Set(merge.gone.memberships.map(({ id }) => id));
    after.memberships = after.memberships.filter(({ id }) => !theirs.has(id));
    after.merged_from = after.merged_from.filter(({ member }) => member !== mergedId);
    after.history.unshift(this.happened(this.nextEntry(), "unmerge", "changed", changes, "you"));
    return { ...report, entry: this.replace([now], [after, merge.gone]) };
  }
}
