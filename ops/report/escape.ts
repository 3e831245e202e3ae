/** Makes text of a name or a message harmless where it is shown. Line ends become spaces but for `inHtml`. */

/** In a sentence or table cell of Markdown: no markup, no link, no mention, no HTML, no picture. */
export function inMarkdown(text: string): string {
  // GitHub looks for mentions and references in the text that it shows: a word joiner, which nobody sees, parts them.
  return entities(oneLine(text).replace(/[@#]/g, "$&\u2060"));
}

/** As code in a table cell, where nothing is looked for but addresses. */
export function asCode(text: string): string {
  return `<code>${entities(oneLine(text))}</code>`;
}

/** An entity is shown as its character and never taken for markup. */
function entities(text: string): string {
  return text
    .replace(/[&<>|\\`*_{}[\]#~!$"'()]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/\b(https?|ftp):/gi, "$1\u2060:")
    .replace(/\bwww\./gi, "www\u2060.")
    .replace(/^([-+=]|\d+[.])(?=\s|$)/, "\u2060$1");
}

/** In a quoted label of Mermaid, which decodes its own entities and then takes HTML. */
export function inMermaid(text: string): string {
  return oneLine(text).replace(/[^\p{L}\p{N} .,/–+-]/gu, (sign) => `#${sign.codePointAt(0)};`);
}

/** In text or a quoted attribute of HTML and SVG. */
export function inHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function oneLine(text: string): string {
  return visible(text).replace(/\s+/g, " ").trim();
}

/** Without control characters, and those that turn the direction of what follows. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (sign) =>
    sign === "\n" || sign === "\t" ? sign : "\ufffd",
  );
}
