import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keyPair } from "./keys";
import type { StandInHost } from "./node";

/** What the CLI answers to a call that begins so. */
export interface CliAnswer {
  stdout?: string;
  stderr?: string;
  code?: number;
  /** What `stack export` answers from then on. */
  exports?: string;
}

// What the shell that runs the tests has set must not decide anything.
for (const name of Object.keys(process.env)) {
  if (/^(PULUMI|PROXMOX|SSL_CERT)/.test(name)) delete process.env[name];
}

export const DEV = `config:
  proxmox-ha:lab: "true"
  proxmox-ha:site:
    cluster: { name: mizar, founder: pve01 }
    nodes:
      pve01: { address: 192.168.18.251 }
      pve02: { address: 192.168.18.100 }
    hosts:
      nas: { address: 192.168.18.200 }
`;

/** A clone in a folder of its own, with a CLI that is a shell script. */
export class Project {
  readonly root = mkdtempSync(join(tmpdir(), "proxmox-ha-project-"));
  readonly cli = join(this.root, "tools/bin/pulumi");

  constructor() {
    this.write("Pulumi.dev.yaml", DEV);
    this.answer({});
    this.tools({
      cli: this.cli,
      path: [join(this.root, "tools/bin")],
      home: join(this.root, "tools"),
    });
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.root, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  write(name: string, text: string, mode = 0o644): void {
    mkdirSync(join(this.path(name), ".."), { recursive: true });
    writeFileSync(this.path(name), text, { mode });
  }

  /** What the build has found or made. */
  tools(toolchain: unknown): void {
    this.write(".stamps/toolchain.json", JSON.stringify(toolchain));
  }

  /** The lab's files, with these hosts at its nodes, and nobody at the witness unless one is given. */
  lab(
    hosts: Record<string, StandInHost>,
    apis: Record<string, string> = {},
    nas?: StandInHost,
  ): void {
    const key = keyPair();
    this.write(".lab/id_ed25519", key.private, 0o600);
    const nodes = Object.entries(hosts).map(([name, { port }]) => ({
      name,
      api: apis[name] ?? `https://127.0.0.1:${port}`,
      ssh: this.access(port),
    }));
    const pins = [...Object.values(hosts), ...(nas ? [nas] : [])].map(
      ({ port, hostKey }) => `[127.0.0.1]:${port} ${hostKey}`,
    );
    this.write(".lab/known_hosts", `${pins.join("\n")}\n`);
    const witness = { name: "nas", ssh: this.access(nas?.port ?? 1) };
    this.write(".lab/status.json", JSON.stringify({ running: true, nodes, witness }));
  }

  private access(port: number) {
    return {
      ...{ host: "127.0.0.1", port, user: "root" },
      ...{ key: this.path(".lab/id_ed25519"), knownHosts: this.path(".lab/known_hosts") },
    };
  }

  /** From now on the CLI answers calls by how they begin, and any other with nothing. It is asked in this order. */
  answer(answers: Record<string, CliAnswer>): void {
    const cases = Object.entries(answers).map(([start, answer]) => {
      const { stdout = "", stderr = "", code = 0, exports } = answer;
      const name = start.replace(/\W/g, "_");
      if (exports !== undefined) this.write(`tools/answers/${name}.exports`, exports);
      const after =
        exports === undefined
          ? ""
          : `cp "$dir/answers/${name}.exports" "$dir/answers/stack_export.out"; `;
      this.write(`tools/answers/${name}.out`, stdout);
      this.write(`tools/answers/${name}.err`, stderr);
      return `  "${start}"*) cat "$dir/answers/${name}.out"; cat "$dir/answers/${name}.err" >&2; ${after}exit ${code} ;;`;
    });
    const lines = [
      "#!/bin/sh",
      `dir='${this.path("tools")}'`,
      `printf '%s\\n' "$*" >> "$dir/calls"`,
      `env > "$dir/env-$1"`,
      `case "$*" in "stack import"*) cat > "$dir/stdin" ;; esac`,
      `case "$*" in`,
      ...cases,
      "esac",
    ];
    this.write("tools/bin/pulumi", `${lines.join("\n")}\n`, 0o755);
  }

  /** The calls of the CLI so far, each without the flags that every one has. */
  calls(): string[] {
    if (!this.has("tools/calls")) return [];
    return this.read("tools/calls")
      .trimEnd()
      .split("\n")
      .map((call) => call.replace(" --non-interactive --color never", ""));
  }

  /** The environment of the last call of this command. */
  environmentOf(command: string): Record<string, string> {
    const lines = this.read(`tools/env-${command}`).split("\n");
    return Object.fromEntries(
      lines.map((line) => [line.split("=")[0], line.slice(line.indexOf("=") + 1)]),
    );
  }
}
