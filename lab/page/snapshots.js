import { button, name } from "./actions.js";
import { h, keyed, say } from "./dom.js";
import { dateTime } from "./format.js";
import { ask } from "./lab.js";

/** @typedef {{ name: string, time: number }} Snapshot */

/** Snapshots of the whole lab. They lie beside the site, not in it, so they are asked for apart. */
export function snapshotsSwitch() {
  const input = /** @type {HTMLInputElement} */ (
    h("input", { type: "text", autocomplete: "off", value: "before", pattern: "[A-Za-z0-9_-]+" })
  );
  const take = button(() =>
    input.value.trim() === ""
      ? undefined
      : {
          method: "PUT",
          path: pathOf(input.value.trim()),
          done: `Snapshot ${input.value.trim()} is taken.`,
        },
  );
  name(take, "Take a snapshot");
  const list = h("ul", { class: "rows" });
  const nothing = h("p", { class: "quiet" }, "There are no snapshots.");
  const fill = keyed(list, (/** @type {Snapshot} */ { name: title }) => title, row);
  const field = h("label", { class: "field" }, h("span", {}, "Name"), input);
  return {
    element: h(
      "fieldset",
      { class: "card" },
      h("legend", {}, "Snapshots"),
      nothing,
      list,
      h("div", { class: "actions" }, field, take),
    ),
    async refresh() {
      const snapshots = /** @type {Snapshot[]} */ (await ask("GET", "/lab/snapshots"));
      nothing.hidden = snapshots.length > 0;
      fill(snapshots);
    },
  };
}

/** @param {Snapshot} snapshot */
function row({ name: title }) {
  const restore = button(
    () => ({
      method: "POST",
      path: `${pathOf(title)}/restore`,
      done: `The lab is as it was in ${title}.`,
      question: {
        title: `Restore ${title}?`,
        text: "Everything that has happened since is lost.",
        yes: "Restore",
      },
    }),
    { class: "small" },
  );
  name(restore, "Restore", title);
  const remove = button(
    () => ({
      method: "DELETE",
      path: pathOf(title),
      done: `Snapshot ${title} is deleted.`,
      question: { title: `Delete ${title}?`, text: "It cannot be brought back.", yes: "Delete" },
    }),
    { class: "small" },
  );
  name(remove, "Delete", title);
  const when = h("span", { class: "quiet" });
  const words = h("span", { class: "named" }, title, " ", when);
  return {
    element: h("li", {}, words, h("span", { class: "actions" }, restore, remove)),
    /** @param {Snapshot} snapshot */
    update: ({ time }) => say(when, dateTime(time)),
  };
}

/** @param {string} title */
const pathOf = (title) => `/lab/snapshots/${encodeURIComponent(title)}`;
