import type { Output } from "./command";
import { Lines } from "./lines";

/** A command's two streams. */
export type Stream = "stdout" | "stderr";

/** Takes in what a command prints: keeps it, and hands out its lines as they come, of the streams that are to be logged. */
export class Capture {
  readonly #said: Record<Stream, Buffer[]> = { stdout: [], stderr: [] };
  readonly #both: Buffer[] = [];
  readonly #lines: Partial<Record<Stream, Lines>> = {};

  /** `logging` is the resource's input; without it both streams are logged. */
  constructor(logging: string | undefined, onLine: (line: string) => void) {
    for (const stream of ["stdout", "stderr"] as const) {
      if (["stdoutAndStderr", stream].includes(logging ?? "stdoutAndStderr")) {
        this.#lines[stream] = new Lines(onLine);
      }
    }
  }

  add(stream: Stream, bytes: Buffer): void {
    this.#said[stream].push(bytes);
    this.#both.push(bytes);
    this.#lines[stream]?.add(bytes);
  }

  /** Hands out the lines that have no newline at their end. */
  end(): void {
    for (const lines of Object.values(this.#lines)) lines.end();
  }

  /** Both streams in one, in the order in which they came. */
  get text(): string {
    return Buffer.concat(this.#both).toString("utf8");
  }

  get output(): Output {
    const trimmed = (chunks: Buffer[]) => Buffer.concat(chunks).toString("utf8").replace(/\n$/, "");
    return { stdout: trimmed(this.#said.stdout), stderr: trimmed(this.#said.stderr) };
  }
}
