import type { Client, ClientChannel } from "ssh2";

// What ssh2 1.17 has inside but does not offer: its exec() sends variables without asking whether the server took them,
// and its signal() does nothing once stdin has ended.
interface Inside {
  _chanMgr: { add(opened: Opened): number };
  _protocol: {
    session(channel: number, window: number, packetSize: number): void;
    env(channel: number, name: string, value: string, wantReply: boolean): void;
    exec(channel: number, command: string, wantReply: boolean): void;
    signal(channel: number, name: string): void;
  };
}
interface ChannelInside {
  _callbacks: ((refused: boolean | Error) => void)[];
  incoming: { state: "open" | "eof" | "closing" | "closed" };
  outgoing: { id: number; state: "open" | "eof" | "closing" | "closed" };
}
interface Opened {
  (error: Error | undefined, channel: ClientChannel & ChannelInside): void;
  type?: string;
}

const WINDOW = 2 * 1024 * 1024;
const PACKET = 32 * 1024;

/** One session on an SSH connection: variables first, then one command. */
export class Session {
  readonly #protocol: Inside["_protocol"];
  readonly #channel: ClientChannel & ChannelInside;

  private constructor(protocol: Inside["_protocol"], channel: ClientChannel & ChannelInside) {
    this.#protocol = protocol;
    this.#channel = channel;
  }

  /** Opens a session. Rejects where the server refuses one. */
  static open(client: Client): Promise<Session> {
    const { _chanMgr, _protocol } = client as unknown as Inside;
    return new Promise((resolve, reject) => {
      const opened: Opened = (error, channel) =>
        error ? reject(error) : resolve(new Session(_protocol, channel));
      opened.type = "session";
      _protocol.session(_chanMgr.add(opened), WINDOW, PACKET);
    });
  }

  /** The command's streams and its `close` event with exit status or signal. */
  get channel(): ClientChannel {
    return this.#channel;
  }

  /** Sets a variable for the command. False where the server does not accept it (AcceptEnv). */
  setEnv(name: string, value: string): Promise<boolean> {
    return this.#request((id) => this.#protocol.env(id, name, value, true));
  }

  /** Starts the command. False where the server does not run it. */
  exec(command: string): Promise<boolean> {
    return this.#request((id) => this.#protocol.exec(id, command, true));
  }

  /** Asks the server to send the command a signal, `TERM` for one. OpenSSH ignores this for root. */
  signal(name: string): void {
    const { id, state } = this.#channel.outgoing;
    if (state === "open" || state === "eof") this.#protocol.signal(id, name);
  }

  #request(send: (channel: number) => void): Promise<boolean> {
    const { incoming, outgoing, _callbacks } = this.#channel;
    return new Promise((resolve, reject) => {
      const broken = () => reject(new Error("the connection broke"));
      if (outgoing.state !== "open") return broken();
      _callbacks.push((refused) => (incoming.state === "closed" ? broken() : resolve(!refused)));
      send(outgoing.id);
    });
  }
}
