import type { ArchiveKind } from "../../../api";

/** Kinds of archives, as a choice. */
export const KINDS: { value: ArchiveKind; label: string }[] = [
  { value: "database", label: "The database" },
  { value: "folder", label: "A folder" },
  { value: "s3", label: "S3" },
];

/** Where files of a kind go. */
export const KIND_TEXTS: Record<ArchiveKind, string> = {
  database: "In the database that is pushed to",
  folder: "In a folder",
  s3: "In a bucket of S3",
};

/** What it means to choose it. */
export const KIND_HINTS: Record<ArchiveKind, string> = {
  database:
    "Who may read its members may read their lists, and nobody else. It grows by the size of the files.",
  folder: "On this computer or a shared drive. The files are not encrypted there.",
  s3: "A bucket of Amazon S3, or of another store that speaks its language and refuses to write over a file.",
};
