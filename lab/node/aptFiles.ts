/** A repository as the API shows it (proxmox-apt). */
export interface Repository {
  Types: string[];
  URIs: string[];
  Suites: string[];
  Components?: string[];
  Options?: { Key: string; Values: string[] }[];
  Comment?: string;
  FileType: "list" | "sources";
  Enabled: number;
}

const WORDS = ["Types", "URIs", "Suites", "Components"] as const;

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");

/** Stanzas of a `.sources` file (deb822). */
export function parseSources(text: string): Repository[] {
  return text
    .split(/\n\s*\n/)
    .map((stanza) => stanza.split("\n").filter((line) => line.trim() !== ""))
    .filter((lines) => lines.some((line) => !line.startsWith("#")))
    .map((lines) => {
      const fields: Record<string, string> = {};
      let last = "";
      for (const line of lines.filter((entry) => !entry.startsWith("#"))) {
        const pair = /^([\w-]+):\s*(.*)$/.exec(line);
        if (pair) fields[(last = pair[1] ?? "")] = pair[2] ?? "";
        else fields[last] = `${fields[last] ?? ""} ${line.trim()}`.trim();
      }
      const comment = lines
        .filter((line) => line.startsWith("#"))
        .map((line) => line.slice(1))
        .join("\n");
      return repository(fields, comment, "sources");
    });
}

/** Lines of a `.list` file; one behind a `#` is a repository that is switched off. */
export function parseList(text: string): Repository[] {
  return text.split("\n").flatMap((line) => {
    const match =
      /^\s*(#?)\s*(deb|deb-src)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)((?:\s+[^\s#]+)*)\s*(?:#(.*))?$/.exec(
        line,
      );
    if (!match) return [];
    const [, off, types = "", options = "", uri = "", suite = "", components = "", comment = ""] =
      match;
    const fields: Record<string, string> = {
      Types: types,
      URIs: uri,
      Suites: suite,
      Components: components.trim(),
      ...(off === "" ? {} : { Enabled: "no" }),
    };
    for (const option of words(options)) {
      const [key = "", value = ""] = option.split("=");
      fields[key] = value.replaceAll(",", " ");
    }
    return [repository(fields, comment, "list")];
  });
}

function repository(
  fields: Record<string, string>,
  comment: string,
  type: "list" | "sources",
): Repository {
  const { Types = "", URIs = "", Suites = "", Components = "", Enabled = "yes", ...rest } = fields;
  const options = Object.entries(rest).map(([Key, value]) => ({ Key, Values: words(value) }));
  return {
    Types: words(Types),
    URIs: words(URIs),
    Suites: words(Suites),
    ...(Components === "" ? {} : { Components: words(Components) }),
    ...(options.length === 0 ? {} : { Options: options }),
    ...(comment === "" ? {} : { Comment: comment }),
    FileType: type,
    Enabled: /^(no|false|0|off|disable)$/i.test(Enabled) ? 0 : 1,
  };
}

export function printSources(repositories: readonly Repository[]): string {
  return repositories
    .map((entry) => {
      const comment = (entry.Comment ?? "").split("\n").map((line) => `#${line}`);
      return [
        ...(entry.Comment === undefined ? [] : comment),
        ...(entry.Enabled === 1 ? [] : ["Enabled: false"]),
        ...WORDS.filter((key) => entry[key]).map((key) => `${key}: ${entry[key]?.join(" ")}`),
        ...(entry.Options ?? []).map(({ Key, Values }) => `${Key}: ${Values.join(" ")}`),
      ].join("\n");
    })
    .join("\n\n")
    .concat("\n");
}

export function printList(repositories: readonly Repository[]): string {
  return repositories
    .map((entry) => {
      const options = (entry.Options ?? []).map(({ Key, Values }) => `${Key}=${Values.join(",")}`);
      return [
        `${entry.Enabled === 1 ? "" : "# "}${entry.Types.join(" ")}`,
        ...(options.length === 0 ? [] : [`[${options.join(" ")}]`]),
        ...entry.URIs,
        ...entry.Suites,
        ...(entry.Components ?? []),
        ...(entry.Comment === undefined ? [] : [`#${entry.Comment}`]),
      ].join(" ");
    })
    .join("\n")
    .concat("\n");
}
