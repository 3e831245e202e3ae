import { badge, h, say } from "./dom.js";
import { size } from "./format.js";
import { table } from "./table.js";

/** @typedef {import("../control/pictureTypes").Picture} Picture */
/** @typedef {import("../control/pictureTypes").GuestPicture} GuestPicture */
/** @typedef {import("./dom.js").Tone} Tone */

/** @type {Record<GuestPicture["state"], Tone>} */
const TONES = {
  running: "good",
  booting: "warn",
  paused: "warn",
  stalled: "bad",
  stopped: "idle",
  template: "idle",
  "node is off": "bad",
};

/**
 * @param {Element} root
 * @returns {(picture: Picture) => void}
 */
export function guestsView(root) {
  const fill = table(root, {
    caption: "Guests and where they run",
    columns: ["Guest", "Node", "State", "HA", "Answers", "Memory"],
    empty: "There are no guests yet.",
    keyOf: (/** @type {GuestPicture} */ { key }) => key,
    row,
  });
  return ({ guests }) => fill(guests);
}

function row() {
  const title = h("span");
  const kind = h("span", { class: "quiet" });
  const node = h("span");
  const state = badge();
  const ha = h("span");
  const answers = badge();
  const memory = h("span");
  return {
    cells: [
      h("span", { class: "named" }, title, " ", kind),
      node,
      state.element,
      ha,
      answers.element,
      memory,
    ],
    /** @param {GuestPicture} guest */
    update(guest) {
      say(title, guest.name);
      say(kind, `${guest.type} ${guest.vmid}`);
      say(node, guest.node);
      state.show(TONES[guest.state], stateWords(guest));
      say(ha, haWords(guest));
      answers.show(guest.answers ? "good" : "idle", portWords(guest));
      say(memory, size(guest.memory));
    },
  };
}

/** @param {GuestPicture} guest */
function stateWords({ state, waitsFor, lock }) {
  const waits = waitsFor.length > 0 ? `, waits for ${waitsFor.join(", ")}` : "";
  return `${state}${waits}${lock === null ? "" : ` (locked: ${lock})`}`;
}

/** @param {GuestPicture} guest */
function haWords({ ha }) {
  if (!ha) return "not HA";
  return ha.state === ha.wanted ? ha.state : `${ha.state}, wanted ${ha.wanted}`;
}

/** @param {GuestPicture} guest */
function portWords({ answers, port }) {
  if (port === null) return "never yet";
  return answers ? `on port ${port}` : `not on port ${port}`;
}
