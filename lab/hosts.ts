import type { Server as HttpsServer } from "node:https";
import type { Socket } from "node:net";
import type { Connection, Server as SshServer } from "ssh2";
import { apiServer } from "./api/server";
import type { Site } from "./site";
import { sshServer } from "./ssh/server";
import { HostShell } from "./ssh/shell";
import type { HostState } from "./state/types";

const LOOPBACK = "127.0.0.1";

type Service = "api" | "ssh";

interface Listeners {
  api?: HttpsServer;
  ssh?: SshServer;
  connections: Set<{ destroy(): void }>;
}

/** The unit behind each port. */
const UNITS: Record<Service, string> = { api: "pveproxy", ssh: "ssh" };

/**
 * The listening side of every host: open while it has power, its own plug is in and the service runs; all that is open
 * is cut off at once when power or plug are not. Whoever asks comes over the site's network too, and hears every host
 * that is plugged in.
 */
export class Hosts {
  private readonly listening = new Map<string, Listeners>();
  private readonly shells = new Map<string, HostShell>();

  /** The last change of each host that is being carried out. */
  private readonly changes = new Map<string, Promise<void>>();

  constructor(private readonly site: Site) {
    site.membership.onCertificate((node) => this.renewCertificate(node));
    site.machines.runWith((host, script, signal) =>
      this.shellOf(host).exec(script, "", { signal }),
    );
  }

  async start(): Promise<void> {
    this.site.hardware.onChange((host) => this.follow(host));
    this.site.units.onChange((host, unit) => {
      if (Object.values(UNITS).includes(unit)) this.follow(host);
    });
    for (const host of Object.values(this.site.state.hosts)) {
      if (this.isHeard(host.name)) await this.listen(host);
    }
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.changes.values());
    for (const name of [...this.listening.keys()]) await this.cutOff(name);
  }

  /** The power switch; over when the host answers, or no longer does. */
  async power(name: string, on: boolean): Promise<void> {
    this.site.machines.switch(name, on);
    await this.changes.get(name);
    await this.site.commit();
  }

  shellOf(name: string): HostShell {
    const known = this.shells.get(name);
    if (known) return known;
    const shell = new HostShell(this.site, this.site.host(name), (other) => this.shellOf(other));
    this.shells.set(name, shell);
    return shell;
  }

  /** Another machine has taken the host's place; it has a shell of its own. */
  forget(name: string): void {
    this.shells.delete(name);
  }

  /** Whoever switched a host, its ports follow, one change after the other. */
  private follow(name: string): void {
    const before = this.changes.get(name) ?? Promise.resolve();
    const next = before.then(async () => {
      const on = this.isHeard(name);
      if (on) await this.listen(this.site.host(name));
      else await this.cutOff(name);
    });
    // A port that somebody took meanwhile is told by the one who waits for the change.
    next.catch(() => undefined);
    this.changes.set(name, next);
  }

  private isHeard(name: string): boolean {
    const { hardware } = this.site;
    return hardware.isOn(name) && hardware.isPlugged(name);
  }

  /** Opens the ports whose services run, and closes those whose do not; what is connected to SSH stays so. */
  private async listen(host: HostState): Promise<void> {
    const known = this.listening.get(host.name);
    const listeners = known ?? { connections: new Set<{ destroy(): void }>() };
    this.listening.set(host.name, listeners);
    const { node } = host;
    const runs = (service: Service): boolean => host.services.includes(UNITS[service]);
    if (runs("ssh")) {
      if (!listeners.ssh) await this.listenSsh(host, listeners);
    } else if (listeners.ssh) {
      void closed(listeners.ssh);
      delete listeners.ssh;
    }
    if (node && runs("api")) {
      if (!listeners.api) await this.listenApi(host.name, node.apiPort, listeners);
    } else if (listeners.api) {
      const { api } = listeners;
      delete listeners.api;
      api.closeAllConnections();
      await closed(api);
    }
  }

  private async listenSsh(host: HostState, listeners: Listeners): Promise<void> {
    const { connections } = listeners;
    const ssh = sshServer(this.site, host, this.shellOf(host.name));
    ssh.on("connection", (client: Connection) => {
      const entry = { destroy: () => client.end() };
      connections.add(entry);
      client.on("close", () => connections.delete(entry));
    });
    await listening(ssh, host.sshPort);
    listeners.ssh = ssh;
  }

  private async listenApi(name: string, port: number, listeners: Listeners): Promise<void> {
    const { connections } = listeners;
    const api = apiServer(this.site, name);
    api.on("connection", (socket: Socket) => {
      connections.add(socket);
      socket.on("close", () => connections.delete(socket));
    });
    await listening(api, port);
    listeners.api = api;
  }

  private async cutOff(name: string): Promise<void> {
    const listeners = this.listening.get(name);
    if (!listeners) return;
    this.listening.delete(name);
    for (const connection of listeners.connections) connection.destroy();
    const { api, ssh } = listeners;
    await Promise.all([ssh && closed(ssh), api && closed(api)]);
  }

  private renewCertificate(node: string): void {
    const { certificate, key } = this.site.nodeState(node).certificate;
    this.listening.get(node)?.api?.setSecureContext({ cert: certificate, key });
  }
}

function listening(server: HttpsServer | SshServer, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, LOOPBACK, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}

function closed(server: HttpsServer | SshServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
