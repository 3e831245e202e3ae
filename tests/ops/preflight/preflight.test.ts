import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OpsError } from "../../../ops/errors";
import { preflight, type PreflightOptions } from "../../../ops/preflight/preflight";
import type { ResourceState } from "../../../ops/pulumi";
import { ROOT } from "../../components/support/site";
import { printed } from "../../toolchain/launcher/support/output";
import { Project } from "../../toolchain/launcher/support/project";
import { checkpoint, dev, resource } from "../support/site";
import { type Asked, identityOf, leave, reset, startAsked } from "./support/answers";
import { situation } from "./support/situation";

const SITE = readFileSync(join(ROOT, "Pulumi.dev.yaml"), "utf8");
const STEP = "proxmox-ha:cluster:Cluster$command:remote:Command";
let project: Project;
let pve01: Asked;
let pve02: Asked;
let nas: Asked;

beforeAll(async () => {
  project = new Project();
  [pve01, pve02, nas] = await Promise.all([
    startAsked("pve01"),
    startAsked("pve02"),
    startAsked("nas"),
  ]);
});
beforeEach(() => {
  reset(pve01, "pve01");
  reset(pve02, "pve02");
  reset(nas, "nas");
  project.write("Pulumi.dev.yaml", SITE);
  project.lab({ pve01, pve02 }, {}, nas);
  stateHas(situation().steps.map(({ name }) => resource(STEP, name)));
});
afterAll(async () => {
  await Promise.all([pve01.stop(), pve02.stop(), nas.stop()]);
  project.dispose();
});

function stateHas(resources: ResourceState[]): void {
  project.answer({ "stack export": { stdout: JSON.stringify(checkpoint(resources)) } });
}

interface Outcome {
  text: string;
  refused?: string;
}

async function run(options: PreflightOptions = {}): Promise<Outcome> {
  let refused: string | undefined;
  const text = await printed(process.stdout, () =>
    preflight(dev(project), options).catch((error: unknown) => {
      expect(error).toBeInstanceOf(OpsError);
      refused = (error as Error).message;
    }),
  );
  return { text, ...(refused === undefined ? {} : { refused }) };
}

describe("the preflight", () => {
  it("looks at every host, before the first run as well", async () => {
    project.answer({ "stack export": { stderr: "error: no stack named 'dev' found", code: 255 } });
    leave(pve01, "pve01");
    leave(pve02, "pve02");
    const { text, refused } = await run();
    expect(refused).toBeUndefined();
    expect(text).toMatch(/^pve01 .*: will join cluster mizar\npve02 .*\nnas .*: nothing to do\n$/);
  });

  it("stops with all problems of all hosts and their remedies", async () => {
    stateHas([]);
    pve01.check = { stdout: "state\tdebian\nproblem\tno VT\tenable it\n", code: 1 };
    pve02.identity = identityOf("pve02", "", 60_000);
    nas.check = { stdout: "Welcome!\n" };
    const { refused } = await run();
    expect(refused).toMatch(
      /^Preflight of stack dev: 3 problems, and nothing has been changed\.\n/,
    );
    expect(refused).toContain("  pve01: no VT\n    What to do: enable it");
    expect(refused).toMatch(/ {2}pve02: its clock is at least \d+\.\d s ahead of that of /);
    expect(refused).toContain("  nas: its shell prints what no script of ours does: Welcome!");
  });

  it("lets a built site run without one of its members", async () => {
    const target = pve02.connection();
    project.lab({ pve01, pve02: { ...pve02, port: 1, hostKey: target.hostKey } }, {}, nas);
    const { text, refused } = await run();
    expect(refused).toBeUndefined();
    expect(text).toMatch(/^pve02 .* no answer: /m);
    expect(text).toMatch(/warning: pve02: it cannot be looked at .* ECONNREFUSED/);
  });

  it("prints the same for programs", async () => {
    stateHas([]);
    pve01.check = { stdout: "state\tdebian\nwill\treboot\nproblem\tno VT\tenable it\n", code: 1 };
    const { text, refused } = await run({ json: true });
    expect(JSON.parse(text)).toEqual({
      hosts: [
        { name: "pve01", address: "192.168.18.251", state: "debian", will: ["reboot"] },
        { name: "pve02", address: "192.168.18.100", state: "member", will: [] },
        { name: "nas", address: "192.168.18.200", state: "witness", will: [] },
      ],
      problems: [{ host: "pve01", what: "no VT", remedy: "enable it" }],
      warnings: [],
      checklist: [],
    });
    expect(refused).toContain("1 problem");
  });

  it("tells every fault of the site file before it asks a host", async () => {
    project.write("Pulumi.dev.yaml", SITE.replace("name: mizar", "name: 7!"));
    const { refused } = await run();
    expect(refused).toMatch(/^Pulumi\.dev\.yaml has 1 problem:\n {2}site\.cluster\.name: /);
    expect(pve01.commands).toEqual([]);
  });

  it("says that the lab was reset since the state was written", async () => {
    leave(pve01, "pve01");
    leave(pve02, "pve02");
    const words =
      "The lab was reset since the state of stack dev was written: its nodes are in no cluster, and what the state " +
      "describes is gone with the hosts of then.\nForget that state and build anew: rm -r .state, then make up";
    expect(await run()).toEqual({ text: "", refused: words });
    expect(await run({ destroy: true })).toEqual({ text: "", refused: words });
  });

  it("takes no lab for reset that has founded no cluster yet", async () => {
    leave(pve01, "pve01");
    stateHas([resource(STEP, "key-pve01")]);
    expect(await run()).not.toHaveProperty("refused");
  });

  it("asks no script before a destroy, and nothing of the hosts stops one", async () => {
    pve01.check = { stdout: "problem\tno VT\tenable it\n", code: 1 };
    expect(await run({ destroy: true })).toEqual({ text: "" });
    expect(pve01.commands.filter((command) => command.startsWith("flock"))).toEqual([]);
  });

  it("does not repeat what a failing export has printed, because it may hold secrets", async () => {
    project.answer({ "stack export": { stdout: '{"apiToken": "a-secret"', code: 1 } });
    const { refused } = await run();
    expect(refused).toMatch(/^pulumi stack export --show-secrets failed:\nCommand failed: /);
    expect(refused).not.toContain("a-secret");
    project.answer({ "stack export": { stdout: '{"apiToken": "a-secret"' } });
    expect((await run()).refused).toBe(
      "pulumi stack export --show-secrets printed something else than JSON.",
    );
  });
});
