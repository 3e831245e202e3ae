import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { EventLog } from "../../../lab/control/eventLog";
import type { ControlledLab } from "../../../lab/control/lab";
import { controlServer } from "../../../lab/control/server";
import { ScaledClock } from "../../../lab/seams/scaledClock";
import { replaceMachine } from "../../../lab/replacement";
import { Snapshots } from "../../../lab/snapshots";
import type { Machines } from "../cluster/support/machines";

const TOKEN = "secret";

/** The control interface over a lab in memory: what needs neither the lab's process nor its files. */
export class Control {
  readonly lab: ControlledLab;
  private server: Server | undefined;

  constructor(machines: Machines) {
    const { site, hosts, clock } = machines;
    const events = new EventLog();
    events.watch(site);
    this.lab = {
      site,
      hosts,
      events,
      clock: new ScaledClock(clock),
      snapshots: new Snapshots("/nonexistent"),
      restore: () => Promise.resolve(false),
      reset: () => Promise.resolve(false),
      replaceHost: async (name, bare) => {
        const given = { bare, password: "correct horse", authorizedKey: "ssh-ed25519 AAAA lab" };
        await replaceMachine(site, name, given);
        hosts.forget(name);
      },
    };
  }

  async open(): Promise<void> {
    const server = controlServer(this.lab, TOKEN);
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server?.close(() => resolve()));
  }

  /** Status and answer of one request. `body` is JSON text, or what becomes it. */
  async ask(
    method: string,
    path: string,
    body?: unknown,
    token = TOKEN,
  ): Promise<[number, unknown]> {
    const { port } = this.server?.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, connection: "close" },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return [response.status, response.ok || text.startsWith("{") ? JSON.parse(text) : text];
  }
}
