import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { ToolError } from "../../../toolchain/build/process";

/** A Go module at the version that the results are about. `sum` is what go.sum would say of it. */
export interface Module {
  path: string;
  version: string;
  sum: string;
}

export const PROVIDER: Module = {
  path: "github.com/bpg/terraform-provider-proxmox",
  version: "v0.112.0",
  sum: "h1:IlUqFQYdJNxqBk20QrHlmEyjTs7fVr5bOXvzbZ89HPw=",
};

export const OPENTOFU: Module = {
  path: "github.com/opentofu/opentofu",
  version: "v1.10.0",
  sum: "h1:G32w2K9c1IRIKmqXFKCkhNPQ4kw9prHC59Kn1tGl+QE=",
};

/**
 * The folder of the module's sources. They are built in place, as main module, so that the versions are those of the
 * module's own go.mod and go.sum, its `replace` lines included.
 */
export async function sourcesOf(module: Module): Promise<string> {
  const name = `${module.path}@${module.version}`;
  const { stdout } = await promisify(execFile)("go", ["mod", "download", "-json", name], {
    cwd: tmpdir(),
    env: { ...process.env, GOWORK: "off" },
  }).catch((error: NodeJS.ErrnoException & { stdout?: string; stderr?: string }) => {
    if (error.code === "ENOENT") throw new ToolError("go is not installed; run: make doctor");
    throw new ToolError(`${name} cannot be had:\n${error.stdout || error.stderr || error.message}`);
  });
  const { Dir: folder = "", Sum: sum } = JSON.parse(stdout) as { Dir?: string; Sum?: string };
  if (sum !== module.sum) throw new ToolError(`${name} has the checksum ${sum}, not ${module.sum}`);
  return folder;
}
