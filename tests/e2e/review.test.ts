import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Sandbox } from "./support/sandbox";
import { succeeded } from "./support/succeeded";
import { until, within } from "./support/wait";

/** A pull request as CI sees it: a commit to compare with, and a work tree. The sandbox's own lab never runs. */
const sandbox = new Sandbox("review");
const folder = join(sandbox.root, ".review/tmp");
const ARGS = ["run", "-s", "ops", "--", "review", "--base", "HEAD", "--out", ".review/out"];
const review = (...more: string[]) => sandbox.run("npm", [...ARGS, ...more], { TMPDIR: folder });

const PROD = "Pulumi.prod.yaml";
/** Encrypted by a key that is nowhere here, another project's secrets among it. */
const SEALED = "secretsprovider: awskms://alias/team?region=eu-central-1\nencryptedkey: Ym9ndXM=\n";
const NESTED = "  other:accounts: [{ name: anna, password: { secure: v1:bogus } }]\n";

const PREFIX = "proxmox-ha-review-";
const reviewsIn = () => readdirSync(folder).filter((name) => name.startsWith(PREFIX));

beforeAll(() => mkdirSync(folder, { recursive: true }));
afterAll(() => sandbox.dispose());

/** The review's lab is one of the processes that work in its folder. */
const processesIn = (path: string): string[] =>
  readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(path);
    } catch {
      return false;
    }
  });

function expectNothingLeft(): void {
  expect(reviewsIn()).toEqual([]);
  expect(sandbox.run("git", ["worktree", "list"]).text.trim().split("\n")).toHaveLength(1);
  expect(existsSync(join(sandbox.root, ".lab"))).toBe(false);
  expect(existsSync(join(sandbox.root, ".state"))).toBe(false);
}

describe("a review", () => {
  it("of one edited line shows one changed resource, and leaves nothing behind", () => {
    sandbox.edit("Pulumi.dev.yaml", "memory: 512 MiB", "memory: 448 MiB");
    const text = succeeded(review());
    expect(text).toContain("review: the base is up after");
    expect(text).toContain("review: 1 to update; the report is in");
    expect(text).toContain("review: the policies have nothing against it");
    const report = sandbox.read(".review/out/report.md");
    expect(report).toMatch(/^<!-- proxmox-ha review -->\n/);
    expect(report).toContain("ubuntu");
    expect(report).toContain("448");
    expect(sandbox.read(".review/out/report.html")).toContain("ubuntu");
    // It holds what the resources hold.
    expect(statSync(join(sandbox.root, ".review/out/events.json")).mode & 0o077).toBe(0);
    expectNothingLeft();
  });

  it("of the real site's file needs neither its hosts nor its backend nor its secrets", () => {
    sandbox.edit(PROD, "config:\n", `${SEALED}config:\n${NESTED}`);
    sandbox.commit("what only the team can read");
    sandbox.edit(PROD, "memory: 512 MiB", "memory: 448 MiB");
    const text = succeeded(review("--stack", "prod"));
    expect(text).toContain("review: the base is up after");
    expect(text).toContain("review: 1 to update; the report is in");
    expect(text).toContain("review: the policies have nothing against it");
    const report = sandbox.read(".review/out/report.md");
    expect(report).toContain("## Preview of stack prod");
    expect(report).toContain("<code>512</code> → <code>448</code>");
    // The work tree's own file is as it was.
    expect(sandbox.read(PROD)).toContain(`${SEALED}config:\n${NESTED}`);
    expectNothingLeft();
  });

  it("that is interrupted leaves nothing behind", async () => {
    const running = sandbox.start("env", [`TMPDIR=${folder}`, "npm", ...ARGS]);
    await until("the base is being brought up", 60, () =>
      running.text().includes("bringing the base up") ? true : undefined,
    );
    process.kill(-running.pid, "SIGINT");
    expect(await within(30, running.ended)).not.toBe(0);
    // npm ends before what it runs has cleaned up.
    await until("all of it is gone", 60, () =>
      processesIn(join(folder, PREFIX)).length + reviewsIn().length === 0 ? true : undefined,
    );
    expectNothingLeft();
  });

  it("of a change that breaks quorum names the rule, also where the base cannot be brought up", () => {
    sandbox.edit("Pulumi.dev.yaml", "founder: pve01", "founder: pve09");
    sandbox.commit("broken");
    sandbox.edit("Pulumi.dev.yaml", "founder: pve09", "founder: pve01");
    sandbox.edit("Pulumi.dev.yaml", "      witness: nas\n", "");
    const { code, text } = review();
    expect(text).toContain("review: the base could not be brought up:");
    expect(text).toMatch(/review: forbidden by .*require-majority-after-node-loss/);
    expect(code).toBe(2);
    const report = sandbox.read(".review/out/report.md");
    expect(report).toContain("so this shows the site as on an empty lab: everything is new.");
    expect(report).toContain("require-majority-after-node-loss");
    expectNothingLeft();
  });

  it("of a work tree whose program fails says why", () => {
    sandbox.edit("Pulumi.dev.yaml", "founder: pve01", "founder: pve08");
    const { code, text } = review();
    expect(text).toContain("review: the preview failed");
    expect(code).toBe(1);
    expect(sandbox.read(".review/out/report.md")).toContain("## The preview failed");
    expectNothingLeft();
  });
});
