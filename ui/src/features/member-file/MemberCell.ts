import type { ICellRendererComp, ICellRendererParams } from "ag-grid-community";
import type { MemberColumn, MemberRow } from "../../api";
import classes from "../../components/Grid.module.css";
import { MARK_LABELS, PERSONAL } from "../../components/labels";
import { MASK } from "../../components/privacy";

/** What the cells need to know beyond their row. */
export type CellContext = { isHidden: () => boolean };
export type CellParams = { column: MemberColumn; at: number };

/** Columns that Muster writes about a row and not about a person. */
const OF_THE_ROW = new Set(["source", "source_file", "source_row", "issues"]);

/** Whether "Hide personal data" masks a column. What Muster does not know may be personal. */
export function isPersonal({ field, name }: MemberColumn): boolean {
  return field === null ? !OF_THE_ROW.has(name) : PERSONAL.has(field);
}

/** A cell of a member file: its text, a sign for its state (never colour alone), and that state in words. Plain DOM,
 *  since hundreds of these come and go while one scrolls. */
export class MemberCell implements ICellRendererComp<MemberRow> {
  private gui = document.createElement("span");

  init(params: ICellRendererParams<MemberRow> & CellParams) {
    this.gui.className = classes.text ?? "";
    this.draw(params);
  }

  getGui() {
    return this.gui;
  }

  refresh(params: ICellRendererParams<MemberRow> & CellParams) {
    this.draw(params);
    return true;
  }

  private draw({ data, column, at, context }: ICellRendererParams<MemberRow> & CellParams) {
    this.gui.replaceChildren();
    if (!data) {
      this.gui.append(element("span", classes.loading, ""));
      return;
    }
    const mark = data.marks[at] ?? ".";
    const value = data.cells[at] ?? null;
    if (mark !== ".") this.gui.append(element("span", `${classes.sign} ${classes[`sign-${mark}`]}`, ""));
    const masked = value !== null && (context as CellContext).isHidden() && isPersonal(column);
    const text = element("span", classes.value, masked ? MASK : (value ?? ""));
    if (masked) text.setAttribute("aria-label", "hidden");
    if (masked) text.setAttribute("role", "img");
    this.gui.append(text);
    const spoken = MARK_LABELS[mark];
    if (spoken) this.gui.append(element("span", "visually-hidden", ` (${spoken})`));
  }
}

function element(tag: string, className: string | undefined, text: string): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}
