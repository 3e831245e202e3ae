import { badge, bar, h, keyed, say } from "./dom.js";
import { size } from "./format.js";
import { table } from "./table.js";

/** @typedef {import("../control/pictureTypes").Picture} Picture */
/** @typedef {import("../control/pictureTypes").StoragePicture} StoragePicture */
/** @typedef {import("../control/pictureTypes").PlacePicture} PlacePicture */

/** A row: a shared storage as a whole, or a local one on one node. @typedef {StoragePicture & { row: string }} Row */

/**
 * @param {Element} root
 * @returns {(picture: Picture) => void}
 */
export function storagesView(root) {
  const fill = table(root, {
    caption: "Storages, their use, and which nodes reach them",
    columns: ["Storage", "Holds", "Used", "From"],
    empty: "There are no storages yet.",
    keyOf: (/** @type {Row} */ { row }) => row,
    row,
  });
  return ({ storages }) => fill(storages.flatMap(rowsOf));
}

/**
 * @param {StoragePicture} storage
 * @returns {Row[]}
 */
function rowsOf(storage) {
  if (storage.shared) return [{ ...storage, row: storage.key }];
  return storage.places.map((place) => ({
    ...storage,
    places: [place],
    row: `${storage.key} ${place.node}`,
  }));
}

function row() {
  const title = h("span");
  const kind = h("span", { class: "quiet" });
  const content = h("span");
  const usage = bar("Space in use");
  const list = h("ul", { class: "chips" });
  const fill = keyed(list, (/** @type {PlacePicture} */ { node }) => node, place);
  return {
    cells: [h("span", { class: "named" }, title, " ", kind), content, usage.element, list],
    /** @param {Row} storage */
    update(storage) {
      say(title, storage.name);
      say(kind, `${storage.type}, ${storage.shared ? "shared" : "local"}`);
      say(content, storage.content.join(", "));
      const seen = storage.places.find(({ state }) => state === "available");
      if (seen) usage.show(seen.used, seen.total, `${size(seen.used)} of ${size(seen.total)}`);
      else usage.show(0, 0, "unknown");
      fill(storage.places);
    },
  };
}

function place() {
  const state = badge();
  return {
    element: h("li", {}, state.element),
    /** @param {PlacePicture} next */
    update({ node, state: how, problem }) {
      if (how === "available") state.show("good", node);
      else if (how === "unavailable") state.show("bad", `${node}: ${problem ?? "not available"}`);
      else state.show("idle", `${node} is off`);
    },
  };
}
