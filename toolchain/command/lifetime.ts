import { fstatSync } from "node:fs";

// Milliseconds between looks at the parent process.
const LOOK = 1000;

/**
 * Calls `end` once when this process has lost its reason to live: a signal, or the engine that started it is gone. The
 * engine holds the other end of stdin, which closes even when it is killed; where stdin is something else (a language host
 * that starts plugins), a new parent process tells the same.
 */
export function onEnd(end: () => void): void {
  let ended = false;
  const once = () => {
    if (!ended) end();
    ended = true;
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, once);
  if (isPipe(0)) process.stdin.on("end", once).on("close", once).on("error", once).resume();
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && once(), LOOK).unref();
}

function isPipe(descriptor: number): boolean {
  try {
    const stat = fstatSync(descriptor);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false; // closed
  }
}
