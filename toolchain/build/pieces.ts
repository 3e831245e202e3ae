import { cp, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { bundleCommandPlugin } from "../command/bundle";
import versions from "../versions.json";
import { type Report, run } from "./process";

/** One thing to build: from what, into which files, and how. */
export interface Piece {
  name: string;
  title: string;
  /** Folders and files below the project whose content decides whether the cached build is still right. */
  sources: string[];
  build(context: BuildContext): Promise<void>;
}

export interface BuildContext {
  root: string;
  /** An empty folder; what is in it afterwards is the result. */
  out: string;
  report: Report;
}

const GO_FLAGS = ["-mod=readonly", "-trimpath", "-buildvcs=false"];

/** Go binaries of this size take minutes; `-v` names each package, which is the progress shown. */
function goBuild(context: BuildContext, folder: string, args: string[]): Promise<void> {
  return run("go", ["build", "-v", ...GO_FLAGS, ...args], {
    cwd: join(context.root, folder),
    env: { CGO_ENABLED: "0", GOWORK: "off" },
    onLine: packageCounter(context.report),
  });
}

function packageCounter(report: Report): (line: string) => void {
  let compiled = 0;
  return (line) => {
    if (line.startsWith("go: downloading")) report(line.slice("go: ".length));
    else report(`${++compiled} packages compiled`);
  };
}

const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

export const PIECES: Piece[] = [
  {
    name: "pulumi",
    title: "Pulumi CLI",
    sources: ["toolchain/go/pulumi", "toolchain/versions.json"],
    build: (context) =>
      goBuild(context, "toolchain/go/pulumi", [
        "-ldflags",
        `-s -w -X ${VERSION_VARIABLE}=${versions.pulumi}`,
        "-o",
        join(context.out, "pulumi"),
        "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      ]),
  },
  {
    name: "language-nodejs",
    title: "language host for Node.js",
    sources: ["toolchain/go/language-nodejs"],
    build: (context) =>
      goBuild(context, "toolchain/go/language-nodejs", [
        "-ldflags",
        "-s -w",
        "-o",
        join(context.out, "pulumi-language-nodejs-host"),
        "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
      ]),
  },
  {
    // The CLI starts programs and policy packs through these, in their folders.
    name: "runners",
    title: "what starts programs and policy packs",
    sources: ["toolchain/runners"],
    build: ({ root, out }) => cp(join(root, "toolchain/runners"), out, { recursive: true }),
  },
  {
    name: "proxmoxve",
    title: "plugin proxmoxve",
    sources: ["toolchain/go/proxmoxve"],
    build: buildProxmoxPlugin,
  },
  {
    name: "command",
    title: "plugin command",
    sources: ["toolchain/command", "package-lock.json"],
    build: ({ out }) => bundleCommandPlugin(out),
  },
];

/** The plugin reads its schema from beside its binary; a second program makes that schema. */
async function buildProxmoxPlugin(context: BuildContext): Promise<void> {
  const { out } = context;
  const binaries = join(out, "bin");
  await mkdir(binaries);
  await goBuild(context, "toolchain/go/proxmoxve", [
    "-ldflags",
    "-s -w",
    "-o",
    `${binaries}/`,
    "./cmd/...",
  ]);
  const generator = join(binaries, "pulumi-tfgen-proxmoxve");
  context.report("making the schema");
  await run(generator, ["schema", "--skip-docs", "--skip-examples", "--out", out], { cwd: out });
  await rename(join(binaries, "pulumi-resource-proxmoxve"), join(out, "pulumi-resource-proxmoxve"));
  await rm(binaries, { recursive: true });
  await rm(join(out, "Pulumi.yaml"), { force: true });
}
