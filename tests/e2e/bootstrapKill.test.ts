import fc from "fast-check";
import { type Blow, ownProcesses, strike } from "./support/blows";
import { Sandbox, UP } from "./support/sandbox";
import { succeeded } from "./support/succeeded";
import { within } from "./support/wait";
import "../support/seed";

/**
 * The way from two bare servers to a site, cut short at random moments; each time `make up` must finish it. Once
 * unless BOOTSTRAP_KILLS says otherwise; FAST_CHECK_SEED tries other moments.
 */
const KILLS = Number(process.env.BOOTSTRAP_KILLS ?? 1);
const BLOWS: Blow[] = [
  "SIGKILL to the CLI alone",
  "SIGKILL to its process group",
  "loss of the operator's PC",
];
/** Milliseconds; real servers take a minute and more. */
const BOOT_MS = 3_000;

const sandbox = new Sandbox("bootstrap-kill");
const { lab } = sandbox;
afterAll(() => sandbox.dispose());

/** Each in a stretch of its own of the time that an undisturbed run takes; parts of that time. */
const [chances = []] = fc.sample(
  fc.array(fc.noBias(fc.integer({ min: 5, max: 95 })), { minLength: KILLS, maxLength: KILLS }),
  1,
);
const cases = chances.map((chance, index) => {
  const moment = (index + chance / 100) / KILLS;
  const percent = Math.round(moment * 100);
  return { moment, percent, blow: BLOWS[index % BLOWS.length] ?? "SIGKILL to its process group" };
});

let usualMs = 0;

it("takes its time when nobody disturbs it", async () => {
  await bareServers();
  const begun = Date.now();
  succeeded(sandbox.make(...UP));
  usualMs = Date.now() - begun;
  await expectOneCluster();
});

describe.each(cases)("cut short at $percent % of it by $blow", ({ moment, blow }) => {
  it("is finished by make up: one cluster, every node once, one script at a time", async () => {
    await cutShort(moment, blow);

    const again = succeeded(sandbox.make(...UP));
    expect(again).toMatch(/Backup job\s+nightly/);
    await expectOneCluster();
    expect(ownProcesses(sandbox.root)).toEqual([]);
  });
});

/** One that came to its end earlier than usual tells what is usual, and is begun again. */
async function cutShort(moment: number, blow: Blow): Promise<void> {
  for (;;) {
    await bareServers();
    const begun = Date.now();
    const run = sandbox.start("make", UP);
    const struck = new Promise<"struck">((resolve) => {
      setTimeout(() => resolve("struck"), moment * usualMs);
    });
    if ((await Promise.race([struck, run.ended])) === "struck") {
      strikeSomething(blow, run.pid);
      expect(await within(60, run.ended)).not.toBe(0);
      return;
    }
    expect(await run.ended).toBe(0);
    usualMs = Date.now() - begun;
  }
}

async function bareServers(): Promise<void> {
  sandbox.labCommand("reset");
  sandbox.run("rm", ["-rf", ".state"]);
  succeeded(sandbox.labCommand("start", "--bare", "pve01,pve02"));
  for (const node of ["pve01", "pve02"]) {
    await lab.control("PUT", `/lab/hosts/${node}/traits`, { bootMs: BOOT_MS });
  }
}

/** Before and after it there is no CLI that could be struck alone. */
function strikeSomething(blow: Blow, group: number): void {
  const alone = blow === "SIGKILL to the CLI alone";
  const running = ownProcesses(sandbox.root).some(({ command }) =>
    /\/bin\/pulumi\0up/.test(command),
  );
  strike(alone && !running ? "SIGKILL to its process group" : blow, group, sandbox.root);
}

interface Entry {
  time: number;
  ended?: number;
  host: string;
  command?: string;
  exitCode?: number;
}

/** What the hosts say of themselves, and what was done on them on the way. */
async function expectOneCluster(): Promise<void> {
  for (const node of ["pve01", "pve02"]) {
    const status = lab.ssh(node, "pvecm status");
    expect(status).toMatch(/^Name: +mizar$/m);
    expect(status).toMatch(/^Total votes: +3$/m);
    expect(status.match(/ A,V,/g)).toHaveLength(2);
  }
  const names = lab.ssh("pve01", "grep -E '^ +name: ' /etc/pve/corosync.conf");
  expect(names.match(/pve\d+/g)?.sort()).toEqual(["pve01", "pve02"]);

  const entries = (await lab.control("GET", "/lab/commands")) as Entry[];
  const done = (start: string): Entry[] =>
    entries.filter(({ command, exitCode }) => command?.startsWith(start) && exitCode === 0);
  expect(done("pvecm create")).toHaveLength(1);
  expect(done("pvecm add").length).toBeLessThanOrEqual(1);
  expect(overlapping(entries)).toEqual([]);
}

/** Scripts that began on a host while another of ours was running there. */
function overlapping(entries: Entry[]): string[] {
  // What runs under the host's lock, not what waits for it.
  const scripts = entries.filter(({ command }) => /^bash -c s=\$\(cat\)/.test(command ?? ""));
  expect(scripts.length).toBeGreaterThan(10);
  return scripts.flatMap(({ host, time, command = "" }) =>
    scripts.some(
      (other) =>
        other.host === host &&
        other.command !== command &&
        other.time < time &&
        (other.ended ?? Infinity) > time,
    )
      ? [`${host}: ${command}`]
      : [],
  );
}
