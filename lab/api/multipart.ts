import { randomBytes } from "node:crypto";
import { type ReceivedFile, Receiver } from "../storage/received";
import type { RawParameters } from "./verify";

const HEADERS_END = "\r\n\r\n";

/**
 * Reads an upload as it comes in (PVE::APIServer::AnyEvent): fields first, then one file, of which only what a storage
 * needs to know is kept. Its name is the parameter `filename`; `store` gives the file a name of its own until a
 * storage takes it, which becomes `tmpfilename`.
 */
export async function multipartParameters(
  body: ReadableStream<Uint8Array>,
  contentType: string,
  store: (name: string, file: ReceivedFile) => void,
): Promise<RawParameters> {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1] ?? "";
  const input = new Input(body, Buffer.from(`\r\n--${boundary}`));
  const parameters: RawParameters = {};
  await input.skipPart();
  while (!(await input.atEnd())) {
    const headers = await input.headers();
    const name = /name="([^"]*)"/.exec(headers)?.[1] ?? "";
    const filename = /filename="([^"]*)"/.exec(headers)?.[1];
    if (filename === undefined) {
      parameters[name] = (await input.part()).toString("utf8");
      continue;
    }
    const algorithm = parameters["checksum-algorithm"];
    const receiver = new Receiver(algorithm === undefined ? undefined : String(algorithm));
    await input.part((piece) => receiver.add(piece));
    const temporary = `/var/tmp/pveupload-${randomBytes(16).toString("hex")}`;
    store(temporary, receiver.end());
    parameters.filename = filename;
    parameters.tmpfilename = temporary;
  }
  return parameters;
}

/** A stream of parts, of which never more than what has just come in is kept. */
class Input {
  // The first boundary has no line before it.
  private buffer = Buffer.from("\r\n");
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(
    body: ReadableStream<Uint8Array>,
    private readonly boundary: Buffer,
  ) {
    this.reader = body.getReader();
  }

  async skipPart(): Promise<void> {
    await this.part(() => undefined);
  }

  /** After a boundary: whether it was the last. */
  async atEnd(): Promise<boolean> {
    while (this.buffer.length < 2 && (await this.more()));
    return this.buffer.length < 2 || this.buffer.toString("latin1", 0, 2) === "--";
  }

  async headers(): Promise<string> {
    for (;;) {
      const end = this.buffer.indexOf(HEADERS_END);
      if (end >= 0) {
        const text = this.buffer.toString("utf8", 0, end);
        this.buffer = this.buffer.subarray(end + HEADERS_END.length);
        return text;
      }
      if (!(await this.more())) return "";
    }
  }

  /** The content up to the next boundary, whole or in pieces. */
  async part(take?: (piece: Buffer) => void): Promise<Buffer> {
    const kept: Buffer[] = [];
    const add = take ?? ((piece: Buffer) => void kept.push(piece));
    for (;;) {
      const end = this.buffer.indexOf(this.boundary);
      if (end >= 0) {
        add(this.buffer.subarray(0, end));
        this.buffer = this.buffer.subarray(end + this.boundary.length);
        return Buffer.concat(kept);
      }
      // The boundary may have come in half.
      const safe = Math.max(0, this.buffer.length - this.boundary.length);
      add(this.buffer.subarray(0, safe));
      this.buffer = this.buffer.subarray(safe);
      if (!(await this.more())) return Buffer.concat(kept);
    }
  }

  private async more(): Promise<boolean> {
    const { done, value } = await this.reader.read();
    if (value) this.buffer = Buffer.concat([this.buffer, value]);
    return !done;
  }
}
