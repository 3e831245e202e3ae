import { ARCHIVES } from "../../node/archives";
import { KEYRINGS } from "../../system/keyrings";
import { type CommandContext, type Commands, fail, ok, quote } from "../command";
import { aptArguments } from "./aptArguments";

/** Of the web, what a bootstrap needs. */
const WEB: Record<string, string> = {
  [`${ARCHIVES.enterprise}/debian/proxmox-archive-keyring-trixie.gpg`]:
    KEYRINGS["proxmox-9"].content,
  [`${ARCHIVES.enterprise}/debian/proxmox-release-bookworm.gpg`]: KEYRINGS["proxmox-8"].content,
};
const SERVERS = /^[a-z]+:\/\/((?:[\w-]+\.)*(?:debian\.org|proxmox\.com))(?::\d+)?(\/.*)?$/;

type Fetched = { content: string } | { trouble: "resolve"; name: string } | { trouble: "missing" };

function get({ site, host }: CommandContext, url: string): Fetched {
  const [, name, path = "/"] = SERVERS.exec(url) ?? [];
  const [, given = url] = /^[a-z]+:\/\/([^/:]+)/.exec(url) ?? [];
  if (name === undefined || !site.hardware.isPlugged(host.name)) {
    return { trouble: "resolve", name: name ?? given };
  }
  const content = WEB[`${name}${path}`];
  if (content !== undefined) return { content };
  return path === "/" || /\/(In)?Release$/.test(path) ? { content: "" } : { trouble: "missing" };
}

/** From the servers of Debian and Proxmox. */
export const fetchCommands: Commands = {
  /** apt's own, which lies in `/usr/lib/apt` on a real host: `download-file URL FILE`. */
  "apt-helper": async (args, context) => {
    const { verb, words } = aptArguments(args);
    const [url = "", file = ""] = words;
    if (verb !== "download-file") return fail(`E: Invalid operation ${verb}`, 100);
    if (url === "" || file === "")
      return fail("E: Must specify at least one pair url/filename", 100);
    const found = get(context, url);
    if (!("content" in found)) {
      const reason =
        found.trouble === "resolve"
          ? `Temporary failure resolving '${found.name}'`
          : "404  Not Found";
      return fail(`E: Failed to fetch ${url}  ${reason}\nE: Download Failed`, 100);
    }
    const { exitCode } = await save(found.content, file, context);
    return exitCode === 0
      ? ok(`Get:1 ${url} [${found.content.length} B]\n`)
      : fail(`E: Failed to fetch ${url}  Could not open file ${file}\nE: Download Failed`, 100);
  },
  wget: async (args, context) => {
    const at = args.findIndex((arg) => /^-\w*O$/.test(arg) || arg === "--output-document");
    const [url = ""] = args.filter((arg) => /^https?:/.test(arg));
    const inline = args.find((arg) => /^(-O.|--output-document=)/.test(arg));
    const file =
      at >= 0
        ? (args[at + 1] ?? "-")
        : (inline?.replace(/^(-O|--output-document=)/, "") ?? url.split("/").pop() ?? "index.html");
    const found = get(context, url);
    if ("content" in found) return save(found.content, file, context);
    return found.trouble === "resolve"
      ? fail(`wget: unable to resolve host address ‘${found.name}’`, 4)
      : fail("ERROR 404: Not Found.", 8);
  },
  curl: async (args, context) => {
    const at = args.findIndex((arg) => /^-\w*o$/.test(arg) || arg === "--output");
    const [url = ""] = args.filter((arg) => /^https?:/.test(arg));
    const found = get(context, url);
    const fails = args.some((arg) => /^-[a-zA-Z]*f|^--fail/.test(arg));
    if ("content" in found)
      return save(found.content, at < 0 ? "-" : (args[at + 1] ?? "-"), context);
    if (found.trouble === "resolve")
      return fail(`curl: (6) Could not resolve host: ${found.name}`, 6);
    return fails
      ? fail("curl: (22) The requested URL returned error: 404", 22)
      : ok("<html><head><title>404 Not Found</title></head></html>\n");
  },
};

function save(content: string, file: string, { exec }: CommandContext) {
  return file === "-" ? ok(content) : exec(`cat >${quote([file])}`, content);
}
