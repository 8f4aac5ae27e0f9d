import { Private } from "../../components/privacy";

/** What happened last. The names in it are masked while personal data is hidden, and so kept apart. */
export type SaidWords = { words: string; next: string | null; left: string };
export const SILENT: SaidWords = { words: "", next: null, left: "" };

export function Said({ said }: { said: SaidWords }) {
  return (
    <>
      {said.words}
      {said.next !== null && (
        <>
          {" Next: "}
          <Private value={said.next} field="full_name" />.
        </>
      )}
      {said.left && ` ${said.left}`}
    </>
  );
}
