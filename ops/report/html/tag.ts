import { inHtml } from "../escape";

/** HTML that was put together here. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | undefined | false | Part[];

/** A template of HTML; everything in it that is not HTML itself is escaped. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  const text = strings.map(
    (string, index) => string + (index < parts.length ? of(parts[index]) : ""),
  );
  return new Html(text.join(""));
}

function of(part: Part): string {
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(of).join("");
  return part === undefined || part === false ? "" : inHtml(String(part));
}
