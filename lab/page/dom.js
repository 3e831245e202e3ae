/**
 * The few things this page needs of a framework: elements in one call, and changes that touch only what differs, so
 * that nothing that has the focus is ever replaced.
 */

/**
 * @param {string} tag
 * @param {Record<string, string | boolean>} [attributes] `true` is an attribute without value, `false` is none
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(element, name, value);
  element.append(...children);
  return element;
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string | boolean} value
 */
export function set(element, name, value) {
  if (value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value === true ? "" : value)) {
    element.setAttribute(name, value === true ? "" : value);
  }
}

/**
 * @param {Node} node
 * @param {string} text
 */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/**
 * Keeps one element of `parent` for each item, in the items' order. The element of an item that stays, stays.
 *
 * @template T
 * @param {Element} parent
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => { element: Element, update: (item: T) => void }} create
 * @returns {(items: T[]) => void}
 */
export function keyed(parent, keyOf, create) {
  /** @type {Map<string, { element: Element, update: (item: T) => void }>} */
  const shown = new Map();
  return (items) => {
    const keys = new Set(items.map(keyOf));
    for (const [key, { element }] of shown) {
      if (keys.has(key)) continue;
      element.remove();
      shown.delete(key);
    }
    items.forEach((item, index) => {
      const key = keyOf(item);
      const entry = shown.get(key) ?? create(item);
      shown.set(key, entry);
      entry.update(item);
      const there = parent.children[index];
      if (there !== entry.element) parent.insertBefore(entry.element, there ?? null);
    });
  };
}

/** @typedef {"good" | "warn" | "bad" | "idle"} Tone */

/** Shape as well as colour, for those who see no colours. @type {Record<Tone, string>} */
const MARKS = { good: "●", warn: "▲", bad: "✕", idle: "○" };

/**
 * A word with a mark before it.
 *
 * @param {HTMLElement} [element]
 * @returns {{ element: HTMLElement, show: (tone: Tone, text: string) => void }}
 */
export function badge(element = h("span", { class: "badge" })) {
  const mark = h("span", { "aria-hidden": "true", class: "mark" });
  const text = h("span");
  element.replaceChildren(mark, text);
  return {
    element,
    show(tone, words) {
      set(element, "data-tone", tone);
      say(mark, MARKS[tone]);
      say(text, words);
    },
  };
}

/**
 * How much of something is used, as a bar and in words.
 *
 * @param {string} label
 * @returns {{ element: HTMLElement, show: (used: number, total: number, text: string) => void }}
 */
export function bar(label) {
  const meter = h("meter", { min: "0", max: "1", high: "0.85", optimum: "0", "aria-label": label });
  const text = h("span");
  return {
    element: h("span", { class: "usage" }, meter, text),
    show(used, total, words) {
      set(meter, "value", total > 0 ? (used / total).toFixed(3) : "0");
      say(text, words);
    },
  };
}
