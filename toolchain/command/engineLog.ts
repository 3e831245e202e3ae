import { credentials, Metadata } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** The engine's address, `127.0.0.1:port`, among the plugin's arguments; none when it is started by hand. */
export function engineAddress(args: string[]): string | undefined {
  return args.find((arg, i) => !arg.startsWith("-") && args[i - 1] !== "--tracing");
}

/** The log of one resource, as it appears beside it in Pulumi's display. Takes no secrets: redact before. */
export interface ResourceLog {
  /** Shows a line while the resource is at work; it does not stay. */
  status(message: string): void;
  warning(message: string): void;
  error(message: string): void;
  /** Resolves once the engine has all lines, or is gone. */
  flush(): Promise<void>;
}

// Milliseconds: an engine that does not take a line must not hold up the command's result.
const DEADLINE = 5000;

/** The engine's log service. Without an engine (the plugin started by hand) lines go nowhere. */
export class EngineLog {
  #client: EngineClient | undefined;

  constructor(address: string | undefined) {
    if (address) this.attach(address);
  }

  /** Uses the engine at this address, `127.0.0.1:port`, from now on. */
  attach(address: string): void {
    this.#client?.close();
    this.#client = new EngineClient(address, credentials.createInsecure());
  }

  /** The log for the resource with this URN. Lines keep their order. */
  of(urn: string): ResourceLog {
    let sent = Promise.resolve();
    const log = (severity: LogSeverity, message: string, ephemeral: boolean) => {
      sent = sent.then(() => this.#send(urn, severity, message, ephemeral));
    };
    return {
      status: (message) => log(LogSeverity.INFO, message, true),
      warning: (message) => log(LogSeverity.WARNING, message, false),
      error: (message) => log(LogSeverity.ERROR, message, false),
      flush: () => sent,
    };
  }

  #send(urn: string, severity: LogSeverity, message: string, ephemeral: boolean): Promise<void> {
    const client = this.#client;
    if (!client) return Promise.resolve();
    const request = new LogRequest();
    request.setUrn(urn);
    request.setSeverity(severity);
    request.setMessage(message);
    request.setEphemeral(ephemeral);
    const deadline = Date.now() + DEADLINE;
    // An engine that does not take a line is gone, and there is nowhere else to say so.
    return new Promise((resolve) =>
      client.log(request, new Metadata(), { deadline }, (error) => {
        if (error && this.#client === client) this.#client = undefined;
        resolve();
      }),
    );
  }
}
