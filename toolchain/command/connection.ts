import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "ssh2";
import { authMethods } from "./auth";
import type { Connection } from "./command";
import { DialError, dial, nameOf, type Target } from "./dial";
import { parseHostKey } from "./hostKey";

// Milliseconds between attempts: longer each time.
const FIRST_DELAY = 100;
const BACKOFF = 1.5;
const LONGEST_DELAY = 5000;

/**
 * Connects and logs in, again and again until that works or has failed more often than the connection's limit allows.
 * A host key that is not the pinned one is final: nobody is asked twice. `status` is told of every attempt that failed.
 */
export async function connect(
  connection: Connection,
  status: (message: string) => void,
  signal: AbortSignal,
): Promise<Client> {
  const target: Target = {
    connection,
    methods: authMethods(connection),
    hostKey: connection.hostKey === undefined ? undefined : parseHostKey(connection.hostKey),
  };
  const limit = connection.dialErrorLimit;
  let delay = FIRST_DELAY;
  for (let failed = 0; ; failed++) {
    try {
      return await dial(target, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DialError)) throw error;
      if (error.final) throw error;
      if (limit >= 0 && failed >= limit) {
        throw new Error(`after ${failed} failed attempts: ${nameOf(connection)}: ${error.message}`);
      }
      const of = limit < 0 ? "inf" : String(limit);
      status(`Dial ${failed + 1}/${of} failed: retrying (${error.message})`);
    }
    await sleep(delay, undefined, { signal }).catch(() => signal.throwIfAborted());
    delay = Math.min(delay * BACKOFF, LONGEST_DELAY);
  }
}
