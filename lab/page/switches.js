import { button, name } from "./actions.js";
import { badge, h, keyed, say } from "./dom.js";

/** @typedef {import("../control/pictureTypes").Picture} Picture */
/** @typedef {import("../control/pictureTypes").CablePicture} CablePicture */
/** @typedef {import("../control/pictureTypes").DiskPicture} DiskPicture */

/** Seconds of the lab for one of the watch on the wall. */
const SPEEDS = [0, 0.5, 1, 2, 5, 10, 60, 600];
/** Seconds. */
const LEAPS = { "10 s": 10, "1 min": 60, "5 min": 300, "1 h": 3600, "1 day": 86_400 };

/**
 * Everything that can be broken and mended, apart from what belongs to one host.
 *
 * @param {Element} root
 * @param {Element} snapshots Their switch.
 * @returns {(picture: Picture) => void}
 */
export function switchesView(root, snapshots) {
  const groups = [cablesSwitch(), clockSwitch(), apiSwitch(), disksSwitch()];
  root.replaceChildren(...groups.map(({ element }) => element), snapshots, resetSwitch());
  return (picture) => groups.forEach(({ update }) => update(picture));
}

/**
 * @param {string} title
 * @param {...(Node | string)} children
 */
function group(title, ...children) {
  return h("fieldset", { class: "card" }, h("legend", {}, title), ...children);
}

function cablesSwitch() {
  const list = h("ul", { class: "rows" });
  const fill = keyed(list, (/** @type {CablePicture} */ { between }) => between.join(" "), cable);
  const alone = choice("Host that is cut off", []);
  /** @type {string[]} */
  let hosts = [];
  const cut = button(() => ({
    method: "PUT",
    path: "/lab/partition",
    body: { groups: [[alone.value()], hosts.filter((host) => host !== alone.value())] },
    done: `${alone.value()} is cut off from all others.`,
  }));
  name(cut, "Cut it off");
  const mend = button(() => ({
    method: "DELETE",
    path: "/lab/partition",
    done: "Every cable is in again.",
  }));
  name(mend, "Mend every cable");
  return {
    element: group("Cables", list, h("div", { class: "actions" }, alone.element, cut, mend)),
    /** @param {Picture} picture */
    update(picture) {
      hosts = picture.hosts.map((host) => host.name);
      alone.offer(hosts.map((host) => [host, host]));
      fill(picture.cables);
    },
  };
}

/** @param {CablePicture} first */
function cable(first) {
  let { between, connected } = first;
  const state = badge();
  const toggle = button(
    () => ({
      method: "PUT",
      path: `/lab/cables/${between.map(encodeURIComponent).join("/")}`,
      body: { connected: !connected },
      done: `The way between ${between.join(" and ")} is ${connected ? "cut" : "mended"}.`,
    }),
    { class: "small" },
  );
  return {
    element: h("li", {}, state.element, toggle),
    /** @param {CablePicture} next */
    update(next) {
      ({ between, connected } = next);
      state.show(connected ? "good" : "bad", `${between.join(" – ")}${connected ? "" : " cut"}`);
      name(toggle, connected ? "Cut" : "Mend", `the way between ${between.join(" and ")}`);
    },
  };
}

function clockSwitch() {
  const now = h("p", { class: "quiet" });
  const speed = choice(
    "Speed",
    SPEEDS.map((value) => [String(value), speedWords(value)]),
    "1",
  );
  const run = button(() => ({
    method: "PUT",
    path: "/lab/clock",
    body: { speed: Number(speed.value()) },
    done: `Time: ${speedWords(Number(speed.value()))}.`,
  }));
  name(run, "Set the speed");
  const leap = choice(
    "Move on by",
    Object.entries(LEAPS).map(([words, seconds]) => [String(seconds), words]),
    "60",
  );
  const jump = button(() => ({
    method: "POST",
    path: "/lab/clock/advance",
    body: { seconds: Number(leap.value()) },
    done: "Time has moved on.",
  }));
  name(jump, "Move on");
  return {
    element: group(
      "Clock",
      now,
      h("div", { class: "actions" }, speed.element, run),
      h("div", { class: "actions" }, leap.element, jump),
    ),
    /** @param {Picture} picture */
    update: ({ rehearsal }) => say(now, `Now: ${speedWords(rehearsal.speed)}.`),
  };
}

/** @param {number} speed */
export function speedWords(speed) {
  if (speed === 0) return "time stands still";
  if (speed === 1) return "as fast as real time";
  return `${speed} × real time`;
}

function apiSwitch() {
  const now = h("p", { class: "quiet" });
  const node = choice("Node", [["all", "all nodes"]]);
  const delay = number("Delay in ms", "500", "60000", "100");
  const share = number("Requests that fail, in %", "0", "100", "5");
  const apply = button(() => ({
    method: "PUT",
    path: "/lab/api",
    body: {
      node: node.value(),
      delayMs: Number(delay.input.value),
      failRate: Number(share.input.value) / 100,
    },
    done: "The API is disturbed.",
  }));
  name(apply, "Disturb the API");
  const heal = button(() => ({
    method: "DELETE",
    path: "/lab/api",
    done: "The API is undisturbed.",
  }));
  name(heal, "Let it be");
  return {
    element: group(
      "Slow or flaky API",
      now,
      h("div", { class: "fields" }, node.element, delay.element, share.element),
      h("div", { class: "actions" }, apply, heal),
    ),
    /** @param {Picture} picture */
    update({ hosts, rehearsal }) {
      const nodes = hosts.filter(({ role }) => role === "node").map((host) => host.name);
      node.offer([
        ["all", "all nodes"],
        ...nodes.map((host) => /** @type {const} */ ([host, host])),
      ]);
      const words = rehearsal.api.map(
        (fault) => `${fault.node}: ${fault.delayMs} ms, ${Math.round(fault.failRate * 100)} % fail`,
      );
      say(now, words.length === 0 ? "Undisturbed." : words.join("; "));
    },
  };
}

function disksSwitch() {
  const list = h("ul", { class: "rows" });
  const keyOf = (/** @type {DiskPicture} */ { host, path }) => `${host} ${path}`;
  const fill = keyed(list, keyOf, disk);
  return {
    element: group("Disks", list),
    /** @param {Picture} picture */
    update: ({ rehearsal }) => fill(rehearsal.disks),
  };
}

/** @param {DiskPicture} first */
function disk(first) {
  let { host, path, full } = first;
  const where = () => `${path} on ${host}`;
  const state = badge();
  const toggle = button(
    () => ({
      method: "PUT",
      path: "/lab/disks",
      body: { host, path, full: !full },
      done: `Now ${where()} ${full ? "has room again" : "is full"}.`,
    }),
    { class: "small" },
  );
  return {
    element: h("li", {}, state.element, toggle),
    /** @param {DiskPicture} next */
    update(next) {
      ({ host, path, full } = next);
      state.show(full ? "bad" : "good", `${host} ${path}${full ? " is full" : ""}`);
      name(toggle, full ? "Make room" : "Fill", where());
    },
  };
}

function resetSwitch() {
  const reset = button(
    () => ({
      method: "POST",
      path: "/lab/reset",
      done: "The lab is as installed.",
      question: {
        title: "Reset the lab?",
        text: "Clusters, guests, disks and backups are lost. Hosts are as installed again, with the same ports, keys and credentials. Snapshots stay.",
        yes: "Reset",
      },
    }),
    { class: "danger" },
  );
  name(reset, "Reset the lab");
  const text = "Every host as its installer left it; ports and credentials stay.";
  return group(
    "Start over",
    h("p", { class: "quiet" }, text),
    h("div", { class: "actions" }, reset),
  );
}

/**
 * @param {string} label
 * @param {(readonly [string, string])[]} options
 * @param {string} [chosen]
 */
function choice(label, options, chosen) {
  const select = /** @type {HTMLSelectElement} */ (h("select"));
  const fill = keyed(
    select,
    (/** @type {readonly [string, string]} */ [value]) => value,
    ([value, words]) => ({ element: h("option", { value }, words), update: () => {} }),
  );
  fill([...options]);
  if (chosen !== undefined) select.value = chosen;
  return {
    element: h("label", { class: "field" }, h("span", {}, label), select),
    value: () => select.value,
    /** @param {(readonly [string, string])[]} next */
    offer: (next) => fill(next),
  };
}

/**
 * @param {string} label
 * @param {string} value
 * @param {string} max
 * @param {string} step
 */
function number(label, value, max, step) {
  const input = /** @type {HTMLInputElement} */ (
    h("input", { type: "number", inputmode: "numeric", min: "0", max, step, value })
  );
  return { element: h("label", { class: "field" }, h("span", {}, label), input), input };
}
