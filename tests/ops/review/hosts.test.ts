import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labOptions } from "../../../ops/review/hosts";

const folder = mkdtempSync(join(tmpdir(), "proxmox-ha-hosts-"));
afterAll(() => rmSync(folder, { recursive: true }));

const NODES = { pve01: "192.168.18.251", pve02: "192.168.18.100" };

function tree(name: string, nodes: Record<string, string>, release = 9): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  const lines = Object.entries(nodes).map(
    ([node, address]) => `      ${node}: { address: ${address} }\n`,
  );
  writeFileSync(
    join(path, "Pulumi.dev.yaml"),
    `config:\n  proxmox-ha:site:\n    cluster: { name: mizar, release: ${release} }\n    nodes:\n${lines.join("")}`,
  );
  return path;
}

describe("the lab of a review", () => {
  it("is the usual one for the reference site", () => {
    expect(labOptions([tree("a", NODES), tree("b", NODES)], "dev")).toEqual([]);
  });

  it("has the nodes that base or head name", () => {
    const more = { ...NODES, pve03: "192.168.18.102" };
    expect(labOptions([tree("a", NODES), tree("b", more)], "dev")).toEqual([
      ...["--host", "pve03=192.168.18.102"],
    ]);
  });

  it("has other nodes and another release where the site has", () => {
    const others = tree("c", { pve01: "10.0.0.1", left: "10.0.0.2" }, 8);
    expect(labOptions([others], "dev")).toEqual([
      ...["--release", "8", "--without", "pve01,pve02"],
      ...["--host", "pve01=10.0.0.1", "--host", "left=10.0.0.2"],
    ]);
  });

  it("is the usual one where no file can be read: the preview says what is wrong", () => {
    const path = join(folder, "broken");
    mkdirSync(path);
    writeFileSync(join(path, "Pulumi.dev.yaml"), "config: [");
    expect(labOptions([path, join(folder, "nowhere")], "dev")).toEqual([]);
  });
});
