import type { FilePreview, ReaderOptions } from "../../api";

/** A `Select` for one reader option; the first choice is always what Muster detected. */
export type ReaderChoice = {
  option: keyof ReaderOptions;
  label: string;
  data: { value: string; label: string }[];
  value: string;
  apply: (value: string | null) => ReaderOptions;
};

const DETECTED = "detected";
const DELIMITERS: Record<string, string> = {
  ",": "Comma ,",
  ";": "Semicolon ;",
  "\t": "Tab",
  "|": "Pipe |",
  "^": "Caret ^",
};
const QUOTES: Record<string, string> = { '"': 'Double "', "'": "Single '", "": "None" };

function choice(
  preview: FilePreview,
  option: keyof ReaderOptions,
  label: string,
  known: Record<string, string>,
  read: (value: string) => ReaderOptions[keyof ReaderOptions],
): ReaderChoice {
  const detected = preview.detected[option];
  const chosen = preview.chosen[option];
  const name = detected === null ? "nothing" : (known[String(detected)] ?? String(detected));
  const values = Object.entries(known).map(([value, text]) => ({ value: `=${value}`, label: text }));
  // A value chosen earlier (by a recipe, say) is shown even when it is not among the usual ones.
  if (chosen !== null && !(String(chosen) in known))
    values.push({ value: `=${chosen}`, label: String(chosen) });
  return {
    option,
    label,
    data: [{ value: DETECTED, label: `Detected: ${name}` }, ...values],
    value: chosen === null ? DETECTED : `=${chosen}`,
    apply: (value) => ({
      ...preview.chosen,
      [option]: value === null || value === DETECTED ? null : read(value.slice(1)),
    }),
  };
}

/** The choices that make sense for this kind of file. */
export function readerChoices(preview: FilePreview): ReaderChoice[] {
  const rows = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [String(i + 1), `Row ${i + 1}`]));
  const noHeader = { "0": "No header row" };
  const header = choice(preview, "header_row", "Header row", { ...noHeader, ...rows }, Number);
  const named = (names: string[]) => Object.fromEntries(names.map((name) => [name, name]));
  if (preview.file.kind === "workbook") {
    return [choice(preview, "sheet", "Sheet", named(preview.sheets), String), header];
  }
  return [
    choice(preview, "encoding", "Encoding", named(preview.encodings), String),
    choice(preview, "delimiter", "Columns split by", DELIMITERS, String),
    choice(preview, "quote", "Quotes", QUOTES, String),
    header,
  ];
}
