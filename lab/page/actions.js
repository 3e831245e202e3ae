import { byId, h, say, set } from "./dom.js";
import { ask } from "./lab.js";

/** @typedef {{ title: string, text: string, yes: string }} Question */
/** @typedef {{ method: string, path: string, body?: unknown, done: string, question?: Question }} Action */

/** @type {() => Promise<void>} */
let afterwards = async () => {};

/** @param {() => Promise<void>} look Shows what has become of the site. */
export function afterActions(look) {
  afterwards = look;
}

/**
 * A button that does something to the lab. What it does is asked for when it is pressed, so its words can follow the
 * site. While the lab works on it the button keeps the focus and does nothing.
 *
 * @param {() => Action | undefined} action
 * @param {Record<string, string>} [attributes]
 * @returns {HTMLElement}
 */
export function button(action, attributes = {}) {
  const element = h("button", { type: "button", ...attributes });
  element.addEventListener("click", () => void press(element, action()));
  return element;
}

/**
 * @param {HTMLElement} element
 * @param {string} label
 * @param {string} [subject] Said after it to those who do not see where the button is.
 */
export function name(element, label, subject = "") {
  say(element, label);
  if (subject !== "") set(element, "aria-label", `${label}: ${subject}`);
}

/**
 * @param {HTMLElement} element
 * @param {Action | undefined} action
 */
async function press(element, action) {
  if (!action || element.ariaDisabled === "true") return;
  if (action.question && !(await confirmed(action.question))) return;
  set(element, "aria-disabled", "true");
  say(byId("failed"), "");
  try {
    await ask(action.method, action.path, action.body);
    announce(action.done);
  } catch (error) {
    say(byId("said"), "");
    say(byId("failed"), error instanceof Error ? error.message : String(error));
  } finally {
    set(element, "aria-disabled", false);
  }
  await afterwards();
}

/** @param {string} text */
export function announce(text) {
  say(byId("said"), text);
}

/**
 * @param {Question} question
 * @returns {Promise<boolean>}
 */
function confirmed({ title, text, yes }) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("confirm"));
  say(byId("confirm-title"), title);
  say(byId("confirm-text"), text);
  say(byId("confirm-yes"), yes);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
