import { exportOf, mountAnswers, mountAt } from "../../node/mounts";
import { sleep } from "../../seams/clock";
import type { Site } from "../../site";
import { type CommandContext, type Commands, fail, ok, quote, type Run } from "../command";

/** Who holds which file: by host and path, or by export where several hosts may want it. */
const held = new WeakMap<Site, Map<string, Run | symbol>>();

/** util-linux: one holder of a file at a time, for a command's time or until a script that has it open ends. */
export const flockCommands: Commands = {
  flock: async (args, context) => {
    const words = [...args];
    let wait = Infinity;
    let conflict = 1;
    let unlock = false;
    for (;;) {
      const option = words[0] ?? "";
      if (/^(-n|--nb|--nonblock)$/.test(option)) wait = 0;
      else if (/^(-w|--wait|--timeout)$/.test(option)) wait = Number(words.splice(1, 1)[0]);
      else if (/^(-E|--conflict-exit-code)$/.test(option)) conflict = Number(words.splice(1, 1)[0]);
      else if (/^(-u|--unlock)$/.test(option)) unlock = true;
      else if (!/^(-x|-e|-s|-o|-F|--exclusive|--shared|--close|--no-fork|--verbose)$/.test(option))
        break;
      words.shift();
    }
    const [file = "", ...rest] = words;
    const deadline = context.site.clock.now() + wait * 1000;
    if (rest.length === 0) return lockDescriptor(file, { context, deadline, conflict, unlock });
    const command = /^(-c|--command)$/.test(rest[0] ?? "") ? ["bash", ...rest] : rest;
    const holder = Symbol(file);
    const key = keyOf(context, file);
    if (!(await take(context, file, holder, deadline))) return fail("", conflict);
    try {
      return await context.exec(quote(command), context.stdin);
    } finally {
      // What it has started has the lock open as well, and goes on when the script is cut off.
      void Promise.allSettled(context.run.underWay).then(() => release(context, key, holder));
    }
  },
};

interface Wanted {
  context: CommandContext;
  deadline: number;
  conflict: number;
  unlock: boolean;
}

/** `flock 9` keeps the lock as long as 9 is open, which here is to the end of the script. */
async function lockDescriptor(word: string, { context, deadline, conflict, unlock }: Wanted) {
  const path = /^\d+$/.test(word) ? context.openFile(Number(word)) : undefined;
  if (path === undefined) {
    return fail(`flock: ${word}: not a descriptor that is open for writing`, 65);
  }
  const key = keyOf(context, path);
  const { run } = context;
  if (unlock) {
    release(context, key, run);
    return ok();
  }
  if (!(await take(context, path, run, deadline))) return fail("", conflict);
  run.atEnd.push(() => release(context, key, run));
  return ok();
}

const absolute = ({ cwd }: CommandContext, file: string): string =>
  file.startsWith("/") ? file : `${cwd}/${file}`;

function keyOf(context: CommandContext, file: string): string {
  const { site, host } = context;
  const path = absolute(context, file);
  const mount = mountAt(site, host, path);
  if (!mount) return `${host.name} ${host.bootedAt}:${path}`;
  return `${exportOf(site, mount)}${path.slice(mount.target.length)}`;
}

async function take(
  context: CommandContext,
  file: string,
  holder: Run | symbol,
  deadline: number,
): Promise<boolean> {
  const { site, host, signal } = context;
  const key = keyOf(context, file);
  const locks = held.get(site) ?? new Map<string, Run | symbol>();
  held.set(site, locks);
  const answers = (): boolean => {
    const mount = mountAt(site, host, absolute(context, file));
    return !mount || mountAnswers(site, host, mount);
  };
  for (;;) {
    const other = locks.get(key);
    if ((other === undefined || other === holder) && answers()) break;
    if (site.clock.now() >= deadline || signal?.aborted) return false;
    await sleep(site.clock, 100);
  }
  locks.set(key, holder);
  return true;
}

function release({ site }: CommandContext, key: string, holder: Run | symbol): void {
  const locks = held.get(site);
  if (locks?.get(key) === holder) locks.delete(key);
}
