import type { ExecResult } from "just-bash";
import type { Site } from "../site";
import type { HostState } from "../state/types";
import { dpkgOf } from "./dpkg";
import { ask, keyOf, readSources, type Source } from "./sources";

/** Addresses in apt's messages; nothing in the lab depends on them. */
const ENTERPRISE = "[IP: 51.91.38.34 443]";

/**
 * `apt-get update`: fails where a source is not what it should be, and where it does not answer warns, or fails too when
 * it is `strict` (APT::Update::Error-Mode).
 */
export function updateLists(site: Site, host: HostState, strict = false): ExecResult {
  const { sources, malformed } = readSources(host);
  if (malformed.length > 0) return badSources(malformed);
  const before = dpkgOf(host).lists;
  const lists: string[] = [];
  const out: string[] = [];
  const warnings: string[] = [];
  const errors: string[] = [];
  let number = 0;
  for (const group of repositories(sources)) {
    const [first] = group;
    if (!first) continue;
    const name = `${first.uri} ${first.suite}`;
    number++;
    const answer = ask(site, host, first);
    const keepOld = (): void =>
      void lists.push(...group.map(keyOf).filter((key) => before?.includes(key)));
    const fail = (reason: string, error: string[]): void => {
      out.push(`Err:${number} ${name} InRelease`, `  ${reason}`);
      errors.push(...error);
      keepOld();
    };
    const unsigned = `The repository '${name} InRelease' is not signed.`;
    switch (answer.kind) {
      case "hit":
      case "component":
        out.push(`Hit:${number} ${name} InRelease`);
        for (const source of group) {
          const { kind } = ask(site, host, source);
          if (kind === "hit") lists.push(keyOf(source));
          else {
            warnings.push(
              `Skipping acquire of configured file '${source.component}/binary-amd64/Packages' as repository '${name} InRelease' doesn't have the component '${source.component}' (component misspelt in sources.list?)`,
            );
          }
        }
        break;
      case "unreachable": {
        const reason = `Temporary failure resolving '${answer.name}'`;
        fail(reason, []);
        warnings.push(`Failed to fetch ${first.uri}/dists/${first.suite}/InRelease  ${reason}`);
        break;
      }
      case "unauthorized":
        fail(`401  Unauthorized ${ENTERPRISE}`, [
          `Failed to fetch ${first.uri}/dists/${first.suite}/InRelease  401  Unauthorized ${ENTERPRISE}`,
          unsigned,
        ]);
        break;
      case "missing":
        out.push(`Ign:${number} ${name} InRelease`);
        number++;
        out.push(`Err:${number} ${name} Release`, "  404  Not Found");
        errors.push(`The repository '${name} Release' does not have a Release file.`);
        break;
      case "unsigned":
        fail(answer.reason, [unsigned]);
        warnings.push(`OpenPGP signature verification failed: ${name} InRelease: ${answer.reason}`);
        break;
      default: {
        const never: never = answer;
        return never;
      }
    }
  }
  if (warnings.some((line) => line.startsWith("Failed to fetch"))) {
    warnings.push(
      "Some index files failed to download. They have been ignored, or old ones used instead.",
    );
    if (strict) errors.push(...warnings.splice(0));
  }
  dpkgOf(host).lists = lists;
  site.store.touch();
  return {
    stdout: [...out, "Reading package lists..."].map((line) => `${line}\n`).join(""),
    stderr: [
      ...warnings.map((line) => `W: ${line}\n`),
      ...errors.map((line) => `E: ${line}\n`),
    ].join(""),
    exitCode: errors.length > 0 ? 100 : 0,
  };
}

/** What apt says of files that it cannot read, whatever it was asked. */
export function badSources(malformed: readonly { file: string; problem: string }[]): ExecResult {
  const lines = malformed.map(({ file, problem }) => `E: ${problem.replace("FILE", file)}\n`);
  return {
    stdout: "",
    stderr: `${lines.join("")}E: The list of sources could not be read.\n`,
    exitCode: 100,
  };
}

/** Sources of one InRelease together. */
function repositories(sources: readonly Source[]): Source[][] {
  const groups = new Map<string, Source[]>();
  for (const source of sources) {
    const key = `${source.uri} ${source.suite} ${source.signedBy ?? ""}`;
    groups.set(key, [...(groups.get(key) ?? []), source]);
  }
  return [...groups.values()];
}
