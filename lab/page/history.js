import { badge, h, say, set } from "./dom.js";
import { clockTime, dateTime } from "./format.js";
import { table } from "./table.js";

/** @typedef {import("../control/pictureTypes").Picture} Picture */
/** @typedef {import("../control/pictureTypes").TaskPicture} TaskPicture */
/** @typedef {import("../control/pictureTypes").LogPicture} LogPicture */

/**
 * @param {Element} root
 * @returns {(picture: Picture) => void}
 */
export function tasksView(root) {
  const fill = table(root, {
    caption: "The latest tasks of all nodes, newest first",
    columns: ["Task", "Node", "Started", "State", "User"],
    empty: "No node has done anything yet.",
    keyOf: (/** @type {TaskPicture} */ { upid }) => upid,
    row: () => {
      const title = h("span", { class: "named" });
      const started = time();
      const [node, user] = [h("span"), h("span")];
      const state = badge();
      return {
        cells: [title, node, started.element, state.element, user],
        update: (task) => {
          say(title, `${task.type} ${task.id}`.trim());
          say(node, task.node);
          started.show(task.start);
          state.show(task.failed ? "bad" : task.end === null ? "warn" : "good", task.status);
          say(user, task.user);
        },
      };
    },
  });
  return ({ tasks }) => fill(tasks);
}

/**
 * @param {Element} root
 * @returns {(picture: Picture) => void}
 */
export function logView(root) {
  const fill = table(root, {
    caption: "What the HA manager and the lab say, newest first",
    columns: ["Time", "Where", "Message"],
    empty: "Nobody has said anything yet.",
    keyOf: (/** @type {LogPicture} */ { id }) => String(id),
    row: () => {
      const when = time();
      const where = h("span");
      const message = h("span");
      return {
        cells: [when.element, where, message],
        update: (line) => {
          when.show(line.time);
          say(where, `${line.host} ${line.source}`.trim());
          say(message, line.message);
          set(message, "data-level", line.level);
        },
      };
    },
  });
  return ({ log }) => fill(log);
}

function time() {
  const element = h("time");
  return {
    element,
    /** @param {number} ms */
    show(ms) {
      say(element, clockTime(ms));
      set(element, "datetime", new Date(ms).toISOString());
      set(element, "title", `${dateTime(ms)} UTC`);
    },
  };
}
