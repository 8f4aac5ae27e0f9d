import type { ICellRendererComp, ICellRendererParams } from "ag-grid-community";
import type { Field, GridRow } from "../../api";
import classes from "../../components/Grid.module.css";
import { MARK_LABELS, PERSONAL } from "../../components/labels";
import { MASK } from "../../components/privacy";

/** What a field's cells need to know beyond their row. */
export type CellContext = { isHidden: () => boolean };
export type CellParams = { field: Field; at: number };

/** A cell of a field: its text, a sign for its state (never colour alone), and that state in words. Plain DOM, since
 *  hundreds of these come and go while one scrolls. */
export class CellText implements ICellRendererComp<GridRow> {
  private gui = document.createElement("span");

  init(params: ICellRendererParams<GridRow> & CellParams) {
    this.gui.className = classes.text ?? "";
    this.draw(params);
  }

  getGui() {
    return this.gui;
  }

  refresh(params: ICellRendererParams<GridRow> & CellParams) {
    this.draw(params);
    return true;
  }

  private draw({ data, field, at, context }: ICellRendererParams<GridRow> & CellParams) {
    this.gui.replaceChildren();
    if (!data) {
      this.gui.append(element("span", classes.loading, ""));
      return;
    }
    const mark = data.marks[at] ?? ".";
    const value = data.cells[at] ?? null;
    if (mark !== "." && mark !== "c")
      this.gui.append(element("span", `${classes.sign} ${classes[`sign-${mark}`]}`, ""));
    const masked = value !== null && (context as CellContext).isHidden() && PERSONAL.has(field);
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
