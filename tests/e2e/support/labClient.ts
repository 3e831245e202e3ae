import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";

export interface LabHost {
  name: string;
  api?: string;
  power: "on" | "off";
  ssh: { host: string; port: number; user: string; key: string; knownHosts: string };
}

export interface LabStatus {
  ca: string;
  credentials: { user: string; password: string };
  nodes: LabHost[];
  witness: LabHost;
}

export interface ApiAnswer {
  status: number;
  reason: string;
  data: unknown;
}

/** The lab as a stranger sees it: `lab status --json`, the API with its certificates, plain ssh. */
export class LabClient {
  /** What the lab last told of itself, and the secrets that it had then. */
  private known?: { secrets: string; places: LabStatus };

  constructor(private readonly root: string) {}

  status(): LabStatus {
    const args = ["--require", "tsx/cjs", "lab/cli.ts", "status", "--json"];
    const text = execFileSync("node", args, {
      cwd: this.root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return JSON.parse(text) as LabStatus;
  }

  /** Where its hosts are, which a lab keeps for as long as its secrets. */
  private places(): LabStatus {
    const secrets = this.secrets();
    if (this.known?.secrets !== secrets) this.known = { secrets, places: this.status() };
    return this.known.places;
  }

  private secrets(): string {
    return readFileSync(join(this.root, ".lab/secrets.json"), "utf8");
  }

  host(name: string): LabHost {
    const { nodes, witness } = this.places();
    const host = [...nodes, witness].find((candidate) => candidate.name === name);
    if (!host) throw new Error(`the lab has no host ${name}`);
    return host;
  }

  /** OpenSSH's own client, with the host key checked. */
  ssh(name: string, command: string): string {
    const { host, port, user, key, knownHosts } = this.host(name).ssh;
    const options = ["-o", "BatchMode=yes", "-o", `UserKnownHostsFile=${knownHosts}`];
    const result = spawnSync(
      "ssh",
      ["-i", key, "-p", String(port), ...options, `${user}@${host}`, command],
      { encoding: "utf8", input: "" },
    );
    if (result.error) throw new Error(`ssh: ${result.error.message} (Debian: openssh-client)`);
    return `${result.stdout}${result.stderr}`;
  }

  /** As `ssh`, for a command that must succeed. Its output is returned without its last line break. */
  out(name: string, command: string): string {
    const end = "exit code ";
    const text = this.ssh(name, `( ${command} ); echo "${end}$?"`);
    const [before = "", code] = text.split(end);
    if (code?.trim() !== "0") throw new Error(`${command} on ${name}: ${text}`);
    return before.trimEnd();
  }

  /** One API call as root@pam with a ticket. */
  async api(
    node: string,
    method: string,
    path: string,
    body: Record<string, string> = {},
  ): Promise<ApiAnswer> {
    const status = this.places();
    const base = status.nodes.find((candidate) => candidate.name === node)?.api ?? "";
    const agent = new Agent({ ca: readFileSync(status.ca), keepAlive: false });
    const login = await call(agent, "POST", `${base}/api2/json/access/ticket`, {
      username: status.credentials.user,
      password: status.credentials.password,
    });
    const { ticket, CSRFPreventionToken } = login.data as Record<string, string>;
    return call(agent, method, `${base}/api2/json${path}`, body, {
      cookie: `PVEAuthCookie=${encodeURIComponent(ticket ?? "")}`,
      csrfpreventiontoken: CSRFPreventionToken ?? "",
    });
  }

  /** The lab's own switches. */
  async control(method: string, path: string, body?: unknown): Promise<unknown> {
    const secrets = JSON.parse(this.secrets()) as {
      controlPort: number;
      controlToken: string;
    };
    const response = await fetch(`http://127.0.0.1:${secrets.controlPort}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${secrets.controlToken}`,
        "content-type": "application/json",
        // The lab is restarted between calls, and a kept connection would be a dead one.
        connection: "close",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** Tasks of all nodes, oldest first. */
  async tasks(): Promise<{ type: string; id: string; exitstatus?: string }[]> {
    return (await this.control("GET", "/lab/tasks")) as { type: string; id: string }[];
  }
}

function call(
  agent: Agent,
  method: string,
  url: string,
  body: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<ApiAnswer> {
  const form = new URLSearchParams(body).toString();
  const sends = method === "POST" || method === "PUT";
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method,
        agent,
        headers: {
          ...headers,
          ...(sends
            ? {
                "content-type": "application/x-www-form-urlencoded",
                "content-length": String(Buffer.byteLength(form)),
              }
            : {}),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          const { data } = JSON.parse(text) as { data: unknown };
          resolve({ status: response.statusCode ?? 0, reason: response.statusMessage ?? "", data });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(sends ? form : undefined);
  });
}
