import { createHmac } from "node:crypto";
import { connectionsOf, pinnedKey } from "../../../toolchain/launcher/connections";
import { LauncherError } from "../../../toolchain/launcher/errors";
import type { StackFile } from "../../../toolchain/launcher/stackFile";
import { Project } from "./support/project";

const project = new Project();
afterAll(() => project.dispose());

const KEY = "ssh-ed25519 AAAAC3Nz";
const RSA = "ssh-rsa AAAAB3Nz";
const ECDSA = "ecdsa-sha2-nistp256 AAAAE2Vj";

/** A line as OpenSSH writes it with HashKnownHosts. */
function hashed(name: string, key: string): string {
  const salt = Buffer.from("twenty bytes of salt");
  const digest = createHmac("sha1", salt).update(name).digest("base64");
  return `|1|${salt.toString("base64")}|${digest} ${key}`;
}

describe("the pinned key of a host", () => {
  it.each([
    ["stands behind its name", `10.0.0.1 ${KEY}`, "10.0.0.1"],
    ["stands behind several names", `pve01,10.0.0.1,fe80::1 ${KEY} root@pve01`, "10.0.0.1"],
    ["may follow other hosts", `10.0.0.2 ${RSA}\n10.0.0.11 ${RSA}\n10.0.0.1 ${KEY}`, "10.0.0.1"],
    ["may have a port", `[127.0.0.1]:2222 ${KEY}`, "[127.0.0.1]:2222"],
    ["may stand behind a hash", hashed("10.0.0.1", KEY), "10.0.0.1"],
    ["may stand behind a hash with a port", hashed("[::1]:22", KEY), "[::1]:22"],
    ["is its Ed25519 one of several", `h ${RSA}\nh ${ECDSA}\nh ${KEY}`, "h"],
    [
      "is not disturbed by comments and blanks",
      `# 10.0.0.1 x\n\n  10.0.0.1\t${KEY}  \n`,
      "10.0.0.1",
    ],
  ])("%s", (_, text, name) => {
    expect(pinnedKey(text, name)).toBe(KEY);
  });

  it("is the first where there is no Ed25519 one", () => {
    expect(pinnedKey(`h ${ECDSA}\nh ${RSA}`, "h")).toBe(ECDSA);
  });

  it.each([
    ["other hosts", `10.0.0.11 ${KEY}\n110.0.0.1 ${KEY}`],
    ["the host at another port", `[10.0.0.1]:2222 ${KEY}`],
    ["another host behind a hash", hashed("10.0.0.2", KEY)],
    ["a broken hash", `|1|${KEY}`],
    ["the host in a comment", `#10.0.0.1 ${KEY}`],
    ["the host's key as revoked", `@revoked 10.0.0.1 ${KEY}`],
    ["nothing", ""],
  ])("is unknown where the file has %s", (_, text) => {
    expect(pinnedKey(text, "10.0.0.1")).toBeUndefined();
  });
});

function stackFile(changes: Partial<StackFile> = {}): StackFile {
  return {
    lab: false,
    clusterName: "mizar",
    founder: "pve01",
    nodes: [
      { name: "pve01", address: "192.168.18.251" },
      { name: "pve02", address: "192.168.18.100" },
    ],
    hosts: [{ name: "nas", address: "192.168.18.200" }],
    ssh: { user: "root", keyFile: "/keys/id", knownHosts: project.path("known_hosts") },
    ...changes,
  };
}

describe("the connections of a real site", () => {
  const pin = (...addresses: string[]) =>
    project.write("known_hosts", addresses.map((address) => `${address} ${KEY}\n`).join(""));

  it("lead to the addresses of the file, with key and pin; nodes have a web interface", () => {
    pin("192.168.18.251", "192.168.18.100", "192.168.18.200");
    const access = { port: 22, user: "root", keyFile: "/keys/id", hostKey: KEY };
    expect(connectionsOf(project.root, stackFile(), {})).toEqual({
      pve01: { host: "192.168.18.251", web: "https://192.168.18.251:8006", ...access },
      pve02: { host: "192.168.18.100", web: "https://192.168.18.100:8006", ...access },
      nas: { host: "192.168.18.200", ...access },
    });
  });

  it("have no key file where the agent has the key", () => {
    pin("192.168.18.251", "192.168.18.100", "192.168.18.200");
    const ssh = { user: "admin", knownHosts: project.path("known_hosts") };
    const { nas } = connectionsOf(project.root, stackFile({ ssh }), {});
    expect(nas).toEqual({ host: "192.168.18.200", port: 22, user: "admin", hostKey: KEY });
  });

  it("are refused as long as hosts are not pinned: all of them at once, with what to do", () => {
    pin("192.168.18.251");
    const read = () => connectionsOf(project.root, stackFile(), {});
    expect(read).toThrow(LauncherError);
    expect(read).toThrow(
      "No SSH host key is pinned for pve02 (192.168.18.100), nas (192.168.18.200). Fetch the keys",
    );
    expect(read).toThrow(
      `  ssh-keyscan -t ed25519 192.168.18.100 192.168.18.200 >> ${project.path("known_hosts")}`,
    );
  });

  it("take a known_hosts file that is not there for an empty one", () => {
    const ssh = { user: "root", knownHosts: "/nowhere/known_hosts" };
    expect(() => connectionsOf(project.root, stackFile({ ssh }), {})).toThrow(
      "No SSH host key is pinned for pve01 (192.168.18.251), pve02",
    );
  });

  it("are refused for hosts without an address", () => {
    const hosts = [{ name: "nas", address: "" }];
    expect(() => connectionsOf(project.root, stackFile({ hosts }), {})).toThrow(
      "The site file gives no address for nas.",
    );
  });
});

describe("the connections of a lab", () => {
  const lab = stackFile({ lab: true });
  const status = (port: number) => {
    const ssh = {
      ...{ host: "127.0.0.1", port, user: "root" },
      ...{ key: project.path(".lab/id"), knownHosts: project.path(".lab/known_hosts") },
    };
    return JSON.stringify({
      credentials: { user: "root@pam", password: "hunter2" },
      nodes: [{ name: "pve01", api: "https://127.0.0.1:4001", ssh }],
      witness: { name: "nas", ssh: { ...ssh, port: port + 1 } },
    });
  };

  it("are what the lab says of itself", () => {
    project.write(".lab/status.json", status(4000));
    project.write(".lab/known_hosts", `[127.0.0.1]:4000 ${KEY}\n[127.0.0.1]:4001 ${RSA}\n`);
    const access = { host: "127.0.0.1", user: "root", keyFile: project.path(".lab/id") };
    expect(connectionsOf(project.root, lab, {})).toEqual({
      pve01: { ...access, port: 4000, hostKey: KEY, web: "https://127.0.0.1:4001" },
      nas: { ...access, port: 4001, hostKey: RSA },
    });
  });

  it("stand in for a real site's where the environment says so", () => {
    const environment = { PROXMOX_HA_STAND_IN: project.path(".lab") };
    expect(connectionsOf("/nowhere", stackFile(), environment).nas?.port).toBe(4001);
  });

  it("are refused with the command that starts it as long as there is none", () => {
    expect(() => connectionsOf("/nowhere", lab, {})).toThrow(LauncherError);
    expect(() => connectionsOf("/nowhere", lab, {})).toThrow(
      /^There is no lab yet\. Start it: npm run -s lab -- start$/,
    );
    expect(() => connectionsOf("/", lab, { PROXMOX_HA_STAND_IN: "/nowhere" })).toThrow(
      /^There is no lab yet\. Start it: npm run -s lab -- --dir \/nowhere start$/,
    );
  });

  it.each([
    ["cut off", status(4000).slice(0, 90)],
    ["empty", ""],
    ["of another shape", "{}"],
    ["null", "null"],
  ])("are refused with a remedy, and without its secrets, when its file is %s", (_, text) => {
    project.write(".lab/status.json", text);
    const read = () => connectionsOf(project.root, lab, {});
    expect(read).toThrow(LauncherError);
    expect(read).toThrow(/cannot be read \(.*status\.json\).* lab -- stop, then .* lab -- start$/);
    expect(read).not.toThrow("hunter2");
  });

  it("are refused in the same words when its pins are gone", () => {
    project.write(".lab/status.json", status(4000).replaceAll("known_hosts", "gone"));
    expect(() => connectionsOf(project.root, lab, {})).toThrow("The lab's files cannot be read");
  });
});
