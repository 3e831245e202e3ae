import type { Host } from "../support/host";
import { endsAlike } from "../support/killed";
import { SITE_STEPS, type SiteStep } from "../support/siteSteps";

/** Every script that sets something on a host by a few calls, under real bash. The lab's tests tell what each decides. */

const hosts: Host[] = [];
async function hostFor({ args, before, host: make }: SiteStep): Promise<Host> {
  const host = make();
  hosts.push(host);
  if (before) await host.run({ ...args, variables: before });
  return host;
}
afterEach(() => hosts.splice(0).forEach((host) => host.remove()));

/** Without what a killed run may leave. */
const kept =
  ({ ignored }: SiteStep) =>
  (files: Record<string, string>): Record<string, string> =>
    Object.fromEntries(Object.entries(files).filter(([path]) => !ignored?.test(path)));

describe.each(Object.entries(SITE_STEPS))("%s", (_name, step) => {
  const { args, removes, repeats } = step;
  /** Not even for a moment is anything otherwise. */
  const changesNothing = async (host: Host, verb: string): Promise<void> => {
    const { code, states } = await host.watch(args, verb);
    expect([code, states.length]).toEqual([0, 1]);
  };

  it("comes to the same end after being killed at any moment", async () => {
    const host = await hostFor(step);
    await endsAlike(host, args, { kept: kept(step) });
    if (!repeats) await changesNothing(host, "apply");
  });

  if (!removes) return;
  it("is gone in the same way after the removal was killed at any moment", async () => {
    const host = await hostFor(step);
    await host.run(args);
    const states = await endsAlike(host, args, { verb: "remove", kept: kept(step) });
    expect(states.length).toBeGreaterThan(1);
    await changesNothing(host, "remove");
  });
});

describe("waiting", () => {
  const sleeps = async (name: string, state: Record<string, string>) => {
    const step = SITE_STEPS[name]!;
    const host = await hostFor(step);
    for (const [path, content] of Object.entries(state)) host.write(path, content);
    const { code, stderr, calls } = await host.run(step.args);
    return [code, stderr, calls.filter(([call]) => call === "sleep").length];
  };

  it("for a time server ends after 20 seconds, and is no failure", async () => {
    expect(await sleeps("clock with other servers", { "state/silent": "" })).toEqual([
      0,
      expect.stringContaining("pve01: warning: no time server answers yet (192.168.18.9)"),
      20,
    ]);
  });

  it("for a VM that does not stop ends after two minutes", async () => {
    expect(await sleeps("drivers of a VM that runs", { "state/never-stops": "" })).toEqual([
      1,
      expect.stringContaining("step guest-drivers failed: VM 100 did not stop\n"),
      120,
    ]);
  });

  it("for the lock of the notifications' secrets ends after it would have been given away", async () => {
    const state = { "etc/pve/priv/lock/file-priv_notifications_cfg/x": "" };
    expect(await sleeps("mail target", { ...state, "state/lock-is-used": "" })).toEqual([
      1,
      expect.stringContaining("failed: the lock of /etc/pve/priv/notifications.cfg is held"),
      130,
    ]);
  });
});
