import { type Commands, fail, ok, quote } from "../command";

const UNITS: Record<string, number> = { "": 1, s: 1, sec: 1, m: 60, min: 60, h: 3600 };

/** systemd's transient timers: a command that runs later, whoever is logged in then. A boot forgets them. */
export const transientUnitCommands: Commands = {
  "systemd-run": (args, { site, host, shellOf }) => {
    const start = args.findIndex((arg) => !arg.startsWith("-"));
    const options = start < 0 ? args : args.slice(0, start);
    const command = start < 0 ? [] : args.slice(start);
    const span = options.find((arg) => arg.startsWith("--on-active="))?.split("=")[1];
    if (command.length === 0) return fail("Command line to execute required.");
    if (span === undefined) return fail("the lab's systemd-run makes timers only: --on-active=");
    const [, count = "", unit = ""] = /^(\d+)(\w*)$/.exec(span) ?? [];
    const seconds = Number(count) * (UNITS[unit] ?? Number.NaN);
    if (count === "" || Number.isNaN(seconds)) return fail(`Failed to parse timer value: ${span}`);
    const { bootedAt } = host;
    site.clock.after(seconds * 1000, () => {
      if (host.power && host.bootedAt === bootedAt)
        void shellOf(host.name).exec(quote(command), "");
    });
    const name = `run-p${2000 + (Math.floor(site.clock.now() / 1000) % 30_000)}-i1`;
    return {
      ...ok(),
      stderr: `Running timer as unit: ${name}.timer\nWill run service as unit: ${name}.service\n`,
    };
  },
};
