import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { HostLog } from "./support/hostLog";
import { Sandbox, UP } from "./support/sandbox";
import { succeeded } from "./support/succeeded";

/** The sandbox's own lab and stack stand for the real site. */
const sandbox = new Sandbox("live");
const { lab } = sandbox;
const log = new HostLog(lab);
const SITE = "Pulumi.dev.yaml";
const OUT = ".review/out";
const ARGS = ["run", "-s", "ops", "--", "review", "--live", "--out", OUT];
const review = (env: Record<string, string> = {}, ...more: string[]) =>
  sandbox.run("npm", [...ARGS, ...more], env);
const state = () => sandbox.read(".state/.pulumi/stacks/proxmox-ha/dev.json");
const report = () => sandbox.read(`${OUT}/report.md`);
/** What the report's table says of resources. */
const changed = () => report().match(/^\| \*\*\w+\*\* \| [\w ]+ \|(?= .*<code>)/gm);

/** Everything by which a look differs from a change. */
async function traces(): Promise<unknown> {
  return { state: state(), tasks: await lab.tasks(), changes: await log.changes() };
}

beforeAll(() => {
  sandbox.labCommand("start");
});
afterAll(() => sandbox.dispose());
afterEach(() => sandbox.restore(SITE));

describe("a review against the real site", () => {
  it("that has nothing yet shows that all is new, and makes nothing of it", async () => {
    await log.mark();
    const text = succeeded(review());
    expect(text).toMatch(/^review: \d+ to create; the report is in /m);
    expect(report()).toContain("| **create** | VM ubuntu |");
    expect(await log.changes()).toEqual([]);
    expect(lab.ssh("pve01", "qm list")).not.toContain("ubuntu");
  });

  it("of one edited line shows one changed resource, and changes nothing", async () => {
    succeeded(sandbox.make(...UP));
    sandbox.edit(SITE, "memory: 512 MiB", "memory: 256 MiB");
    await log.mark();
    const before = await traces();
    const text = succeeded(review());
    expect(text).toContain("review: 1 to update; the report is in");
    expect(text).toContain("review: the policies have nothing against it");
    expect(report()).toMatch(/^<!-- proxmox-ha review -->\n## Preview of stack dev\n/);
    expect(report()).toContain("The policies let this change pass");
    expect(changed()).toEqual(["| **update** | VM ubuntu |"]);
    expect(report()).toContain("<code>512</code> → <code>256</code>");
    expect(sandbox.read(`${OUT}/report.html`)).toContain("VM ubuntu");
    expect(sandbox.read(`${OUT}/preview.txt`)).toContain("1 to update");
    // It holds what the resources hold.
    expect(statSync(join(sandbox.root, OUT, "events.json")).mode & 0o077).toBe(0);
    expect(await traces()).toEqual(before);
  });

  it("of a change that breaks quorum names the rule, and changes nothing", async () => {
    sandbox.edit(SITE, "      witness: nas\n", "");
    await log.mark();
    const before = await traces();
    const { code, text } = review();
    expect(text).toMatch(/^review: forbidden by require-majority-after-node-loss$/m);
    expect(code).toBe(2);
    expect(report()).toContain("The policies refuse this change");
    expect(report()).toContain("without pve01, 1 of 2 votes are left and 2 are needed");
    expect(await traces()).toEqual(before);
  });

  it("does not take a container that was moved for one that is to be created", () => {
    lab.out("pve02", "pct migrate 102 pve01 --restart");
    sandbox.edit(SITE, "memory: 512 MiB", "memory: 256 MiB");
    expect(succeeded(review())).toContain("review: 1 to update; the report is in");
    expect(changed()).toEqual(["| **update** | VM ubuntu |"]);
  });

  it("leaves out what is on a node that does not answer, and says so in the report", () => {
    lab.out("pve01", "pct migrate 102 pve02 --restart");
    sandbox.labCommand("power", "pve02", "off");
    sandbox.edit(SITE, "memory: 512 MiB", "memory: 256 MiB");
    const text = succeeded(review());
    sandbox.labCommand("power", "pve02", "on");
    expect(text).toContain("review: 1 to update; the report is in");
    expect(report()).toMatch(
      /^> pve02 does not answer, so web \(VMID 102\) is left out of this run\.$/m,
    );
  });

  it("of a site file with a mistake tells it, in the report too", () => {
    sandbox.edit(SITE, "memory: 512 MiB", "memory: 512");
    const { code, text } = review();
    expect(text).toContain("review: the preview failed:\n");
    expect(text).toContain("site.guests.ubuntu.memory: ");
    expect(text).not.toContain("nothing changes");
    expect(code).toBe(1);
    expect(report()).toContain("## The preview failed");
    expect(report()).toContain("site.guests.ubuntu.memory: ");
  });

  it("that is in no backend yet says what to do, in the report too", () => {
    const backend = join(sandbox.root, ".review/backend");
    mkdirSync(backend, { recursive: true });
    const team = { PULUMI_BACKEND_URL: `file://${backend}`, PULUMI_CONFIG_PASSPHRASE: "team" };
    const onLab = { ...team, PROXMOX_HA_STAND_IN: join(sandbox.root, ".lab") };
    const { code, text } = review(onLab, "--stack", "prod");
    const words = "Stack prod is not in your backend yet.";
    expect(text).toContain(`review: the preview failed:\n${words}`);
    expect(code).toBe(1);
    expect(report()).toContain(words);
  });
});
