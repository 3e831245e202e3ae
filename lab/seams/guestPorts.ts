import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

const LOOPBACK = "127.0.0.1";

/**
 * What a guest looks like from outside: a TCP port on loopback that accepts and echoes while the guest answers. It
 * takes the place of a ping to the guest's address.
 */
export interface GuestPorts {
  /** Listens for `key`, on `port` if nothing else has it, and tells the port once it answers. */
  open(key: string, port: number | undefined, opened: (port: number) => void): void;
  /** Refuses from now on. Connections end, or with `silent` wait: a guest that changes nodes keeps its own. */
  close(key: string, silent: boolean): void;
}

/** For labs without sockets. */
export class FakeGuestPorts implements GuestPorts {
  readonly answering = new Map<string, number>();
  private next = 30_000;

  open(key: string, port: number | undefined, opened: (port: number) => void): void {
    const given = port ?? this.next++;
    this.answering.set(key, given);
    opened(given);
  }

  close(key: string): void {
    this.answering.delete(key);
  }
}

interface Entry {
  server?: Server;
  sockets: Set<Socket>;
}

export class LoopbackPorts implements GuestPorts {
  private readonly entries = new Map<string, Entry>();
  private ended = false;

  open(key: string, port: number | undefined, opened: (port: number) => void): void {
    if (this.ended) return;
    const entry = this.entries.get(key) ?? { sockets: new Set<Socket>() };
    this.entries.set(key, entry);
    for (const socket of entry.sockets) socket.resume();
    if (!entry.server) this.listen(entry, port ?? 0, opened);
  }

  close(key: string, silent: boolean): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    entry.server?.close();
    delete entry.server;
    for (const socket of entry.sockets) {
      if (silent) socket.pause();
      else socket.destroy();
    }
    if (!silent) this.entries.delete(key);
  }

  /** Closes all for good; over when others can have the ports. */
  async end(): Promise<void> {
    this.ended = true;
    const servers = [...this.entries.values()].flatMap(({ server }) => server ?? []);
    const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const key of [...this.entries.keys()]) this.close(key, false);
    await Promise.all(closed);
  }

  private listen(entry: Entry, port: number, opened: (port: number) => void): void {
    const server = createServer((socket) => {
      entry.sockets.add(socket);
      socket.on("close", () => entry.sockets.delete(socket));
      socket.on("error", () => socket.destroy());
      socket.on("data", (data) => socket.write(data));
    });
    entry.server = server;
    // The port of an earlier run may be somebody else's by now.
    server.once("error", () => {
      if (entry.server === server && port !== 0) this.listen(entry, 0, opened);
    });
    server.listen(port, LOOPBACK, () => {
      // Closed again before it was open.
      if (entry.server !== server) server.close();
      else opened((server.address() as AddressInfo).port);
    });
    server.unref();
  }
}
