import { StringDecoder } from "node:string_decoder";

/** Cuts a stream of bytes into lines and hands each out as soon as it is complete. */
export class Lines {
  readonly #decoder = new StringDecoder("utf8");
  #pending = "";

  constructor(private readonly onLine: (line: string) => void) {}

  add(bytes: Buffer): void {
    const lines = (this.#pending + this.#decoder.write(bytes)).split("\n");
    this.#pending = lines.pop() ?? "";
    for (const line of lines) this.onLine(line.replace(/\r$/, ""));
  }

  /** Hands out what came without a newline at the end. */
  end(): void {
    const rest = this.#pending + this.#decoder.end();
    this.#pending = "";
    if (rest !== "") this.onLine(rest.replace(/\r$/, ""));
  }
}
