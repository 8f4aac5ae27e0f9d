import { Kbd, Modal } from "@mantine/core";
import classes from "./People.module.css";

export const KEYS: [string[], string][] = [
  [["S"], "Same person; with nothing left open, the next group is there at once"],
  [["D"], "Different people"],
  [["L"], "Later: to the end of the queue"],
  [["E"], "Take out the record that fits least, again for the next one, then for none"],
  [["Shift", "1…9"], "Take out that record, or back in"],
  [["U"], "Undo the last decision"],
  [["N"], "Next group"],
  [["J", "K"], "Next and previous group; arrows up and down in the list, too"],
  [["F"], "Next field, with Shift the previous one; arrows up and down in the table, too"],
  [["1…9"], "Take that record's value for the marked field"],
  [["←", "→"], "Take the value of the record beside it"],
  [["T"], "Type a value for the marked field"],
  [["0"], "Back to the value that the rules propose"],
  [["W"], "To the reasons, and back"],
  [["?"], "These keys"],
];

/** The keys of the People screen. */
export function KeysDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" size="lg">
      <dl className={classes.keys} data-testid="keys-list">
        {KEYS.map(([keys, says]) => (
          <div key={says} style={{ display: "contents" }}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{says}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
