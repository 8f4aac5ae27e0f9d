import type {
  Driver,
  Environment,
  Fate,
  Field,
  FileRole,
  Level,
  PushMode,
  RowClass,
  ScoreMethod,
  Step,
  Target,
} from "../api";

/** What the screens call the fields, and the parts of a file that fill them. */
export const TARGET_LABELS: Record<Target, string> = {
  full_name: "Full name",
  prefix: "Title",
  given_name: "Given name",
  middle_name: "Middle name",
  family_name: "Family name",
  suffix: "Suffix",
  preferred_name: "Preferred name",
  birth_date: "Birth date",
  company: "Company",
  state: "State",
  email: "Email",
  phone: "Phone",
  member_since: "Member since",
  last_active: "Last active",
  score: "Score",
  source_key: "Member number",
  id: "Company id",
  name: "Company name",
};

/** The targets a file of each role can fill, in the order they are offered. */
export const TARGETS_BY_ROLE: Record<FileRole, Target[]> = {
  members: [
    "full_name",
    "prefix",
    "given_name",
    "middle_name",
    "family_name",
    "suffix",
    "preferred_name",
    "birth_date",
    "company",
    "state",
    "email",
    "phone",
    "member_since",
    "last_active",
    "score",
    "source_key",
  ],
  companies: ["id", "name"],
};

/** "Family name, Birth date" */
export function targetNames(targets: Target[]): string {
  return targets.map((target) => TARGET_LABELS[target]).join(", ");
}

export const STEPS: { step: Step; label: string }[] = [
  { step: "files", label: "Files" },
  { step: "columns", label: "Columns" },
  { step: "fix", label: "Fix" },
  { step: "people", label: "People" },
  { step: "push", label: "Push" },
];

export const CLASS_LABELS: Record<RowClass, string> = {
  clean: "Clean",
  suspect: "Suspect",
  rejected: "Rejected",
  excluded: "Excluded",
};
export const LEVEL_LABELS: Record<Level, string> = { error: "Error", warning: "Warning", info: "Note" };
export const FATE_LABELS: Record<Fate, string> = {
  insert: "New",
  skip_identical: "Already there",
  skip_different: "Differs there",
  reject: "Refused",
  update: "Changed",
  conflict: "Contradict",
  remove: "Not listed any more",
};
/** What happens to members who are in the database already. */
export const MODE_LABELS: Record<PushMode, { label: string; meaning: string }> = {
  "insert-new": {
    label: "Add new",
    meaning: "Members who are there already are left as they are, and listed.",
  },
  "fill-blanks": {
    label: "Fill blanks",
    meaning: "New members are added; of those there, only what is empty is filled.",
  },
  update: {
    label: "Update",
    meaning:
      "New members are added; of those there, what differs is overwritten. An empty cell erases nothing.",
  },
  mirror: {
    label: "Mirror",
    meaning: "Members become exactly what the lists say: an empty cell erases what is there.",
  },
};
/** How scores are brought to one scale. */
export const METHOD_LABELS: Record<ScoreMethod["method"], { label: string; meaning: string }> = {
  z_score: {
    label: "z-score",
    meaning: "Keeps the distances between a club’s members; every club gets the same mean and spread.",
  },
  percentile_rank: {
    label: "Percentile rank",
    meaning: "Keeps only the order: each club is spread evenly over the scale. Equal scores share a rank.",
  },
  min_max: {
    label: "Min-max",
    meaning:
      "A club’s least score becomes the lowest, its greatest the highest. One extreme score squeezes the others.",
  },
};
export const ENVIRONMENT_LABELS: Record<Environment, string> = {
  dev: "dev",
  staging: "staging",
  prod: "prod",
};
export const DRIVER_LABELS: Record<Driver, string> = { sqlite: "SQLite file", postgres: "PostgreSQL server" };

/** What a cell's mark means, said aloud. */
export const MARK_LABELS: Record<string, string> = {
  x: "error",
  w: "warning",
  c: "changed by a rule",
  e: "edited by you",
};

/** Fields that "Hide personal data" masks. */
export const PERSONAL: ReadonlySet<Field | Target> = new Set<Field | Target>([
  "full_name",
  "prefix",
  "given_name",
  "middle_name",
  "family_name",
  "suffix",
  "preferred_name",
  "birth_date",
  "email",
  "phone",
  "source_key",
]);

/** What the backend's names of stages mean; a stage that has words already is shown as it is. */
export const STAGE_LABELS: Record<string, string> = {
  download: "Downloading from Google Drive",
  archive: "Copying the raw files",
  drive_sign_in: "Waiting for the sign-in in your browser",
  drive_wait: "Waiting until Google Drive takes requests again",
  copy: "Copying the file",
  look: "Looking at the columns",
  read: "Reading the files",
  stage: "Checking the rows",
  apply: "Applying the step",
  plan: "Comparing with the database",
  scores: "Working out the scores",
  load: "Sending the rows",
  push: "Writing to the database",
  undo: "Taking it back",
  export: "Writing the files",
  count: "Counting members",
  people_read: "Reading the records",
  people_members: "Reading the members of the database",
  match_plan: "Choosing what to compare",
  match_train: "Learning what tells people apart",
  match_compare: "Comparing records",
  match_cluster: "Putting records together",
  people_settle: "Choosing the values",
};

/** The modifier key's name on this machine. */
export const MOD = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";
