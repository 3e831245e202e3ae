import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { secretNames } from "../../components/secretNames";

const FOLDER = join(__dirname, "../../docs/examples");

/** A complete site of the catalogue in docs/examples. */
export interface Example {
  /** Its folder. */
  folder: string;
  stack: string;
  /** Path of its file, from the root of the project. */
  path: string;
  file: { config: Record<string, unknown> };
  site: unknown;
  policies: object;
  /** Configuration keys of the secrets that it names. */
  secrets: string[];
}

/** Every stack file beside a README, but for those of programs of their own. */
export function examples(): Example[] {
  return readdirSync(FOLDER, { withFileTypes: true }).flatMap(({ name }) => {
    const files = listed(join(FOLDER, name));
    if (files.includes("Pulumi.yaml")) return [];
    return files.flatMap((base) => {
      const stack = /^Pulumi\.(.+)\.yaml$/.exec(base)?.[1];
      return stack === undefined ? [] : [read(name, stack)];
    });
  });
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    // A file beside the examples.
    return [];
  }
}

function read(folder: string, stack: string): Example {
  const base = `Pulumi.${stack}.yaml`;
  const file = parse(readFileSync(join(FOLDER, folder, base), "utf8")) as Example["file"];
  const site = file.config["proxmox-ha:site"];
  return {
    folder,
    stack,
    path: `docs/examples/${folder}/${base}`,
    file,
    site,
    policies: (file.config["proxmox-ha:policies"] ?? {}) as object,
    secrets: [...new Set(secretNames(site).map(({ name }) => name))],
  };
}
