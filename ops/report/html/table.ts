import { html, type Html } from "./tag";

export type Cell = string | Html;

/** A table whose first column heads its rows. Wide ones scroll by keyboard too. */
export function table(caption: string, head: string[], rows: Cell[][]): Html {
  return html`<div class="wide" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head.map((title) => html`<th scope="col">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...cells]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** What the update does, in a cell. */
export function markCell(mark: string | undefined): Cell {
  return mark ? html`<span class="${mark}">${mark}</span>` : "as it is";
}
