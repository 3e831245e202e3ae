import { h, keyed } from "./dom.js";

/**
 * A table whose rows become cards on a narrow screen. Its roles are spelled out because browsers forget them there.
 *
 * @template T
 * @param {Element} root
 * @param {{
 *   caption: string,
 *   columns: string[],
 *   empty: string,
 *   keyOf: (item: T) => string,
 *   row: () => { cells: (Node | string)[], update: (item: T) => void },
 * }} what The first cell of a row names it.
 * @returns {(items: T[]) => void}
 */
export function table(root, { caption, columns, empty, keyOf, row }) {
  const heads = columns.map((name) => h("th", { role: "columnheader", scope: "col" }, name));
  const body = h("tbody", { role: "rowgroup" });
  const whole = h(
    "table",
    { role: "table" },
    h("caption", { class: "visually-hidden" }, caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...heads)),
    body,
  );
  const nothing = h("p", { class: "quiet" }, empty);
  root.replaceChildren(whole, nothing);
  const fill = keyed(body, keyOf, () => {
    const { cells, update } = row();
    const elements = cells.map((content, index) =>
      index === 0
        ? h("th", { role: "rowheader", scope: "row" }, content)
        : h("td", { role: "cell", "data-label": columns[index] ?? "" }, content),
    );
    return { element: h("tr", { role: "row" }, ...elements), update };
  });
  return (items) => {
    whole.hidden = items.length === 0;
    nothing.hidden = items.length > 0;
    fill(items);
  };
}
