import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../support/host";
import { endAs, endsAlike } from "../support/killed";
import { INTERFACES, NetworkHost } from "../support/networkHost";

/** The script that changes a node's network, under real bash. What it decides is told in tests/components/network. */

const hosts: NetworkHost[] = [];
function node(state: Record<string, string> = {}): NetworkHost {
  const host = new NetworkHost(state);
  hosts.push(host);
  return host;
}
afterEach(() => hosts.splice(0).forEach((host) => host.remove()));

/** What counts: not the timer, which finds nothing any more, nor in which line an interface stands. */
const kept = (files: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(files)
      .filter(([path]) => !/^state\/(timer|new|card)$/.test(path))
      .map(([path, text]) => [path, text.split("\n").sort().join("\n")]),
  );
const wayBack = (host: Host): void => (host as NetworkHost).wayBack();
const interfaces = (host: Host): string => host.read("etc/network/interfaces");

describe("the network of a node", () => {
  it("comes to the same end after being killed at any moment, whenever the way back is taken", async () => {
    const host = node();
    // Two minutes later it finds nothing to do.
    const states = await endsAlike(host, INTERFACES, { kept, afterwards: wayBack });
    expect(interfaces(host)).toContain('"iface":"vmbr1"');
    const end = { end: kept(host.files()), stdout: "" };
    const prepared = states.filter((state) => state.includes("./state/timer"));
    expect(prepared.length).toBeGreaterThan(3);
    // Or it has been faster than the next run.
    await endAs(host, INTERFACES, prepared, end, { kept, meanwhile: wayBack });
  });

  it("is as it was a minute after a change that fails, and comes to its end once that is cured", async () => {
    const other = node();
    await other.run(INTERFACES);
    other.wayBack();
    const host = node({ "state/broken": "" });
    const before = interfaces(host);
    const { code, calls, states } = await host.watch(INTERFACES);
    expect([code, interfaces(host)]).toEqual([1, before]);
    expect(calls.filter(([name]) => name === "sleep").length).toBeGreaterThanOrEqual(60);
    expect(host.read("state/fencing")).toBe("armed\n");
    const late = states.slice(-8);
    for (const state of late) {
      host.restore(state);
      // Of a file that a node boots with there is no half.
      expect(interfaces(host)).toContain('"iface":"vmbr0"');
    }
    const cure = (cured: Host): void => rmSync(join(cured.root, "state/broken"));
    const end = { end: kept(other.files()), stdout: "" };
    await endAs(host, INTERFACES, late, end, { kept, meanwhile: cure });
  });
});
