import { homedir } from "node:os";
import { join } from "node:path";
import { LauncherError } from "../../../toolchain/launcher/errors";
import { hasStackFile, readStackFile } from "../../../toolchain/launcher/stackFile";
import { DEV, Project } from "./support/project";

const project = new Project();
afterAll(() => project.dispose());

function read(text: string) {
  project.write("Pulumi.some.yaml", text);
  return readStackFile(project.root, "some");
}
const ssh = (lines: string) => read(`config:\n  proxmox-ha:ssh:\n${lines}`).ssh;

describe("a stack's file", () => {
  it("tells cluster, nodes and other hosts, in the order of the file", () => {
    expect(read(DEV)).toEqual({
      lab: true,
      clusterName: "mizar",
      founder: "pve01",
      nodes: [
        { name: "pve01", address: "192.168.18.251" },
        { name: "pve02", address: "192.168.18.100" },
      ],
      hosts: [{ name: "nas", address: "192.168.18.200" }],
      ssh: { user: "root", knownHosts: join(homedir(), ".ssh/known_hosts") },
    });
  });

  it.each([
    ["true", true],
    ['"true"', true],
    ["false", false],
    ['"false"', false],
    ["yes please", false],
  ])("says lab: %s", (value, lab) => {
    expect(read(`config:\n  proxmox-ha:lab: ${value}\n`).lab).toBe(lab);
  });

  it("is no lab's when it says nothing of one", () => {
    expect(read("config: {}\n").lab).toBe(false);
  });

  it("means the user's home by ~/, and its own folder by a relative path", () => {
    expect(ssh("    { user: admin, keyFile: ~/.ssh/id, knownHosts: pins/known_hosts }")).toEqual({
      user: "admin",
      keyFile: join(homedir(), ".ssh/id"),
      knownHosts: project.path("pins/known_hosts"),
    });
  });

  it("leaves paths alone that are whole, or have a ~ elsewhere", () => {
    expect(ssh("    { keyFile: /etc/~/id, knownHosts: a~/hosts }")).toEqual({
      user: "root",
      keyFile: "/etc/~/id",
      knownHosts: project.path("a~/hosts"),
    });
  });

  it("is found by the last part of a stack's full name", () => {
    expect(readStackFile(project.root, "organization/proxmox-ha/dev").clusterName).toBe("mizar");
    expect(hasStackFile(project.root, "organization/proxmox-ha/dev")).toBe(true);
  });

  it.each(["nope", "acme/proxmox-ha/nope", "../nope"])("%s that is missing is named", (stack) => {
    expect(hasStackFile(project.root, stack)).toBe(false);
    const call = () => readStackFile(project.root, stack);
    expect(call).toThrow(LauncherError);
    expect(call).toThrow(
      /^There is no Pulumi\.nope\.yaml, so the hosts of stack nope are unknown\.$/,
    );
  });

  it("that is no YAML is named with the place", () => {
    const call = () => read("config:\n  a: [1\n  b: 2\n");
    expect(call).toThrow(LauncherError);
    expect(call).toThrow(/^Pulumi\.some\.yaml is not valid YAML: .* at line \d+, column \d+:$/);
  });

  it.each([
    ["empty", ""],
    ["a list", "- 1\n"],
    ["a text", "hello\n"],
    ["without config", "encryptionsalt: v1\n"],
    ["with sections of other types", "config: { proxmox-ha:site: 7, proxmox-ha:ssh: [1] }\n"],
    ["with hosts of other types", "config: { proxmox-ha:site: { nodes: [pve01], hosts: x } }\n"],
  ])("that is %s names no host; the program says what is wrong with it", (_, text) => {
    expect(read(text)).toMatchObject({
      lab: false,
      clusterName: "",
      founder: "",
      nodes: [],
      hosts: [],
    });
  });
});
