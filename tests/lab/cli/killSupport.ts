import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { once } from "node:events";
import { Client } from "ssh2";
import { LabPaths } from "../../../lab/paths";
import type { LabState, TaskState } from "../../../lab/state/types";
import type { LabSecrets, LabStatus } from "../../../lab/status";
import type { Clone } from "./support";

/** A lab's daemon that is started and killed over and over. */
export class Victim {
  private child: ChildProcess | undefined;
  private readonly paths: LabPaths;
  /** How the command starts the lab's process. */
  private readonly command: string[];

  constructor(clone: Clone) {
    this.paths = new LabPaths(clone.dir);
    clone.out("start");
    this.command = readFileSync(`/proc/${clone.pid()}/cmdline`, "utf8").split("\0").slice(0, -1);
    process.kill(clone.pid(), "SIGKILL");
  }

  /** Starts it; true once it is ready, false if `ms` have passed before that. */
  async start(ms = 20_000): Promise<boolean> {
    const [program = "", ...args] = this.command;
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    let said = "";
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => resolve(false), ms);
      child.once("exit", (code) => {
        clearTimeout(limit);
        if (code !== null) reject(new Error(`the lab did not start: ${said}`));
      });
      const heard = (chunk: Buffer): void => {
        said += chunk.toString();
        if (!said.includes("ready ")) return;
        clearTimeout(limit);
        resolve(true);
      };
      child.stdout?.on("data", heard);
      child.stderr?.on("data", heard);
    });
  }

  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  /** What is on disk. @throws SyntaxError for a torn file */
  state(): LabState {
    return JSON.parse(readFileSync(this.paths.state, "utf8")) as LabState;
  }

  /** A client of both nodes, as root with a ticket. */
  async client(): Promise<KillClient> {
    const status = JSON.parse(readFileSync(this.paths.status, "utf8")) as LabStatus;
    const secrets = JSON.parse(readFileSync(this.paths.secrets, "utf8")) as LabSecrets;
    const client = new KillClient(status);
    await client.login(secrets.password);
    return client;
  }
}

/** API and SSH of a lab that may be gone at any moment; requests fail then. */
export class KillClient {
  private readonly agent: Agent;
  private readonly headers: Record<string, string> = {
    "content-type": "application/x-www-form-urlencoded",
  };

  constructor(private readonly status: LabStatus) {
    this.agent = new Agent({ keepAlive: true, ca: readFileSync(status.ca) });
  }

  async login(password: string): Promise<void> {
    const { ticket, CSRFPreventionToken } = await this.api<Record<string, string>>(
      "pve01",
      "POST",
      "/access/ticket",
      { username: "root@pam", password },
    );
    this.headers.cookie = `PVEAuthCookie=${encodeURIComponent(ticket ?? "")}`;
    this.headers.csrfpreventiontoken = CSRFPreventionToken ?? "";
  }

  /** The data of an answer. @throws for any that is not 200, and if there is none */
  async api<T>(node: string, method: string, path: string, form: object = {}): Promise<T> {
    const url = new URL(
      `/api2/json${path}`,
      this.status.nodes.find(({ name }) => name === node)?.api,
    );
    const { agent, headers } = this;
    const call = request(url, { method, agent, headers });
    call.end(method === "GET" ? "" : new URLSearchParams({ ...form }).toString());
    return new Promise<T>((resolve, reject) => {
      call.on("error", reject);
      call.on("response", (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("error", reject);
        response.on("close", () => {
          if (!response.complete) return reject(new Error("cut off"));
          if (response.statusCode !== 200) {
            return reject(new Error(`${path}: ${response.statusCode} ${response.statusMessage}`));
          }
          resolve((JSON.parse(text) as { data: T }).data);
        });
      });
    });
  }

  close(): void {
    this.agent.destroy();
  }

  /** Runs commands as root of pve01 over one connection until it breaks; `done` hears of each that succeeded. */
  async shell(next: () => string, done: (command: string) => void): Promise<void> {
    const { port, key } = this.status.nodes[0]?.ssh ?? { port: 0, key: "" };
    const client = new Client();
    const ended = new Promise<void>((resolve) => client.on("close", () => resolve()));
    client.on("error", () => undefined);
    client.on("ready", () => {
      const run = (): void => {
        const command = next();
        client.exec(command, (error, channel) => {
          if (error) return;
          channel.on("exit", (code) => {
            if (code === 0) done(command);
          });
          channel.on("close", run);
          channel.resume();
          channel.stderr.resume();
        });
      };
      run();
    });
    client.connect({ port, host: "127.0.0.1", username: "root", privateKey: readFileSync(key) });
    await ended;
  }
}

export function tasksOf(state: LabState, type: string): TaskState[] {
  return Object.values(state.hosts)
    .flatMap(({ node }) => node?.tasks ?? [])
    .filter((task) => task.type === type);
}
