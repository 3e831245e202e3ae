import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectionsOf } from "./launcher/connections";
import { settingsFor } from "./launcher/settings";
import { runOverSsh } from "./launcher/ssh";
import { ROOT } from "./launcher/root";

/**
 * Shows whether the tools work, by one create with each plugin on a lab of its own. With TOOLCHAIN=system this is the
 * only proof that the installed plugins are right ones.
 */
async function doctor(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "proxmox-ha-doctor-"));
  const lab = (command: string): void => {
    const args = ["--require", "tsx/cjs", "lab/cli.ts", "--dir", join(folder, "lab"), command];
    execFileSync(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
  };
  try {
    lab("start");
    await create(folder);
    process.stdout.write("The tools work: one storage and one command were created on a lab.\n");
  } finally {
    lab("reset");
    rmSync(folder, { recursive: true, force: true });
  }
}

async function create(folder: string): Promise<void> {
  const file = {
    lab: true,
    clusterName: "",
    founder: "",
    nodes: [],
    hosts: [],
    ssh: { user: "root", knownHosts: "" },
  };
  const connections = connectionsOf(ROOT, file, { PROXMOX_HA_STAND_IN: join(folder, "lab") });
  const node = connections.pve01;
  if (!node?.keyFile) throw new Error("the lab has no node pve01");
  const { stdout, stderr, code } = await runOverSsh(
    node,
    "pveum user token add root@pam smoke --privsep 0 --output-format json",
  );
  if (code !== 0) throw new Error(`the lab makes no token: ${stderr.trim()}`);
  const { value } = JSON.parse(stdout) as { value: string };
  const { variables } = await settingsFor([]);
  const { host, port, user, hostKey } = node;
  const privateKey = readFileSync(node.keyFile, "utf8");
  // A copy, because `stack init` writes a stack file beside the program.
  const program = join(folder, "smoke");
  cpSync(join(ROOT, "toolchain/smoke"), program, { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const environment = {
    ...process.env,
    ...variables,
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "smoke",
    PROXMOX_VE_ENDPOINT: node.web ?? "",
    PROXMOX_VE_API_TOKEN: `root@pam!smoke=${value}`,
    SSL_CERT_FILE: join(folder, "lab/ca.pem"),
    SMOKE_CONNECTION: JSON.stringify({ host, port, user, hostKey, privateKey }),
  };
  const run = (args: string[], quiet: boolean): void => {
    const result = spawnSync(variables.PROXMOX_HA_CLI ?? "pulumi", args, {
      cwd: program,
      env: environment,
      encoding: "utf8",
      stdio: ["ignore", quiet ? "pipe" : "inherit", quiet ? "pipe" : "inherit"],
    });
    if (result.status !== 0) {
      throw new Error(
        `pulumi ${args.join(" ")} failed:\n${result.stdout ?? ""}${result.stderr ?? ""}`,
      );
    }
  };
  run(["stack", "init", "smoke"], true);
  run(["up", "--yes", "--skip-preview", "--stack", "smoke", "--color", "never"], true);
}

doctor().catch((error: Error) => {
  process.stderr.write(`The tools do not work: ${error.message}\n`);
  process.exit(1);
});
