import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { z } from "zod";
import { siteSchema } from "../../../components/schema";
import { interfaceAddress, ipAddress, network } from "../../../components/values";
import { type Changes, readSiteFile, ROOT, siteWith } from "../support/site";
import { marksIn, marksInSite } from "./support/editor";

/** What an editor marks, as told by the JSON Schema, compared with what a run refuses, as told by zod. */

const stackFile = (stack: string): { config: Record<string, unknown> } =>
  parse(readFileSync(join(ROOT, `Pulumi.${stack}.yaml`), "utf8")) as {
    config: Record<string, unknown>;
  };

const issuesIn = (site: unknown): z.core.$ZodIssue[] =>
  siteSchema.safeParse(site).error?.issues ?? [];

/** Paths of zod's problems; unknown keys by their own. */
const refusedIn = (site: unknown): string[] =>
  issuesIn(site).flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => [...issue.path, key].join("."))
      : [issue.path.join(".")],
  );

const INSTALLATION = {
  domain: "example.org",
  country: "de",
  keyboard: "de",
  timezone: "Europe/Berlin",
  mail: "admin@example.org",
  sshKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 admin@example.org"],
  passwordFrom: "rootPasswordHash",
};

describe("an editor takes", () => {
  it.each(["dev", "prod"])("Pulumi.%s.yaml", (stack) => {
    expect(marksIn(stackFile(stack))).toEqual([]);
  });

  it("secrets under names of their own, settings as Pulumi rewrites them, and Pulumi's own keys", () => {
    const { config } = stackFile("prod");
    const file = {
      secretsprovider: "passphrase",
      encryptionsalt: "v1:salt",
      config: {
        ...config,
        "proxmox-ha:lab": true,
        "proxmox-ha:tokenGeneration": "2",
        "proxmox-ha:webRootPassword": { secure: "v1:text" },
        "pulumi:tags": { site: "home" },
      },
    };
    expect(marksIn(file)).toEqual([]);
  });

  it.each<[string, Changes]>([
    ["installation media", { "cluster.installation": INSTALLATION }],
    ["a node's disks", { "nodes.pve01.installation": { disks: ["sda"], device: "enp3s0" } }],
    ["strict HA with nodes", { "guests.web.ha": { strict: true, nodes: { pve01: 1 } } }],
    ["a list of guests", { "backups.nightly.guests": ["web", "ubuntu"] }],
    ["a schedule of all parts", { "backups.nightly.schedule": "mon..fri *-1..7 8..17:0/15 UTC" }],
    ["a fixed address", { "guests.web.address": "192.168.18.30/24" }],
  ])("%s, as a run does", (_what, changes) => {
    expect(refusedIn(siteWith(changes))).toEqual([]);
    expect(marksInSite(siteWith(changes))).toEqual([]);
  });
});

describe("an editor marks where a run refuses:", () => {
  it.each<[string, Changes]>([
    ["text for a number", { "nodes.pve01.cpus": "four" }],
    ["a number in quotes", { "guests.web.vmid": "102" }],
    ["a fraction", { "guests.web.cores": 1.5 }],
    ["a number for text", { "storages.Data.nfsVersion": 4.2 }],
    ["an unknown version", { "storages.Data.nfsVersion": "5" }],
    ["a word for true or false", { "guests.web.protect": "no" }],
    ["the release in quotes", { "cluster.release": "9" }],
    ["a list for a mapping", { guests: ["web"] }],
    ["nothing for a mapping", { "network.cidr": null }],
    ["text for a list", { "storages.Backup.content": "backup" }],
    ["an unknown key of a guest", { "guests.web.memroy": "1 GiB" }],
    ["an unknown key at the top", { guest: {} }],
    ["a key of the other type of guest", { "guests.web.disks": {} }],
    ["a key that is missing", { "guests.web.vmid": undefined }],
    ["a section that is missing", { network: undefined }],
    ["no node", { nodes: {} }],
    ["a name that no guest can have", { "guests.web_1": {} }],
    ["a name that no storage can have", { "storages.1st": {} }],
    ["a slot without a disk", { "guests.ubuntu.disks.ide0": { storage: "Data", size: "1 GiB" } }],
    ["an unknown type of guest", { "guests.web.type": "lxc" }],
    ["a guest without type", { "guests.web.type": undefined }],
    ["a VMID too low", { "guests.web.vmid": 99 }],
    ["a VMID too high", { "guests.web.vmid": 1_000_000_000 }],
    ["no core", { "guests.web.cores": 0 }],
    ["too many restarts", { "guests.ubuntu.ha.maxRestart": 11 }],
    ["a size without a blank", { "guests.web.memory": "1GiB" }],
    ["a size in another unit", { "guests.web.disk.size": "8 GB" }],
    ["an address out of range", { "nodes.pve01.address": "192.168.18.256" }],
    ["a name for an address", { "hosts.nas.address": "nas.example.org" }],
    ["a network without prefix", { "network.cidr": "192.168.18.0" }],
    ["a prefix that is too long", { "network.cidr": "192.168.18.0/33" }],
    ["an address without prefix", { "guests.web.address": "192.168.18.30" }],
    ["a cluster's name of 16 characters", { "cluster.name": "a".repeat(16) }],
    ["a relative export", { "storages.Data.export": "backup" }],
    ["content that means nothing", { "storages.Data.content": ["images", "disks"] }],
    ["content twice", { "storages.Data.content": ["images", "images"] }],
    ["no content", { "storages.Data.content": [] }],
    ["retention of nothing", { "storages.Backup.retention": {} }],
    ["retention of no backup", { "storages.Backup.retention.last": 0 }],
    ["a day that does not exist", { "guests.web.replaceUntil": "2027-02-29" }],
    ["a tag in upper case", { "guests.web.tags": ["Web"] }],
    ["a tag twice", { "guests.web.tags": ["web", "web"] }],
    ["a template that is no file", { "guests.web.template": "debian-13" }],
    ["a key that is not public", { "guests.web.sshKeys": ["-----BEGIN"] }],
    ["strict HA without nodes", { "guests.ubuntu.ha": { strict: true } }],
    ["HA with a mapping of no nodes", { "guests.ubuntu.ha.nodes": {} }],
    ["a schedule in words", { "backups.nightly.schedule": "every night, at two o'clock" }],
    ["a job without guests", { "backups.nightly.guests": [] }],
    ["an unknown way to pack", { "backups.nightly.compress": "zip" }],
    ["a secret inside the site", { "guests.web.notes": { secure: "v1:text" } }],
    ["a country in capitals", { "cluster.installation": { ...INSTALLATION, country: "DE" } }],
    [
      "an offset as time zone",
      { "cluster.installation": { ...INSTALLATION, timezone: "Etc/GMT" } },
    ],
    ["no mail address", { "cluster.installation": { ...INSTALLATION, mail: "root" } }],
    ["a disk's path", { "nodes.pve01.installation": { disks: ["/dev/sda"], device: "enp3s0" } }],
  ])("%s", (_what, changes) => {
    const refused = refusedIn(siteWith(changes));
    expect(refused).not.toEqual([]);
    expect(marksInSite(siteWith(changes))).toEqual(expect.arrayContaining(refused));
  });

  it.each<[string, object, string]>([
    ["a misspelt setting", { "proxmox-ha:protct": "true" }, "proxmox-ha:protct"],
    ["a secret in plain text", { "proxmox-ha:webPassword": "hush" }, "proxmox-ha:webPassword"],
    ["a setting that is neither", { "proxmox-ha:protect": "perhaps" }, "proxmox-ha:protect"],
    ["a key without prefix", { site: {} }, "site"],
    ["a site that is text", { "proxmox-ha:site": "see the wiki" }, "proxmox-ha:site"],
    ["no site", { "proxmox-ha:site": undefined }, "proxmox-ha:site"],
    ["an unknown key of SSH", { "proxmox-ha:ssh": { key: "a" } }, "proxmox-ha:ssh.key"],
    ["a generation in words", { "proxmox-ha:tokenGeneration": "x" }, "proxmox-ha:tokenGeneration"],
  ])("%s", (_what, changes, place) => {
    const config = { ...stackFile("prod").config, ...changes };
    expect(marksIn({ config })).toContain(`config.${place}`);
  });

  it("a misspelt key of the file itself", () => {
    expect(marksIn({ ...stackFile("dev"), confg: {} })).toEqual(["confg"]);
  });
});

/** Values of every kind, near to what some key takes. */
const values = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, {}, [], "", 0, 1, 9, 100, 1.5, -1, "all", "nas", "9"),
  fc.constantFrom("512 MiB", "1.5 GiB", "2 TiB", "0 MiB", "1 GB", "15 MiB", "9999999 TiB"),
  fc.constantFrom("192.168.18.9", "192.168.18.0/24", "dhcp", "2026-12-31", "02:00", "mon 25:00"),
  fc.constantFrom("container", "vm", "Data", "/a", ["web"], ["web", "web"], { pve01: 1 }, ["iso"]),
  fc.constantFrom({ last: 1 }, { strict: true }, { strict: true, nodes: { a: 1 } }, { x: {} }),
  fc.ipV4(),
  fc.string(),
  fc.integer(),
  fc.array(fc.string()),
);

function placesIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, entry]) => placesIn(entry, [...path, key]));
  return path.length === 0 ? inner : [path, ...inner];
}

/** What only a run counts or knows; everything else an editor sees too. */
const BEYOND =
  /^write (whole (MiB|GiB)|a smaller size|what the node reports|a calendar event|512 MiB|8 GiB)/;

describe("an editor and a run", () => {
  it("agree about any change, but for sums and schedules: the editor is never the stricter one", () => {
    const places = placesIn(readSiteFile("dev"));
    const extra = ["gateway", "ha", "retention", "tags", "swap", "address", "iso", "unknown"];
    const changed = fc
      .tuple(fc.constantFrom(...places), fc.option(fc.constantFrom(...extra)), values)
      .map(([place, key, value]) => {
        const path = key === null ? place : [...place.slice(0, -1), key];
        return siteWith({ [path.join(".")]: value });
      });
    fc.assert(
      fc.property(changed, (site) => {
        const issues = issuesIn(site);
        const marked = marksInSite(site).length > 0;
        if (issues.length === 0) expect(marked).toBe(false);
        else if (!issues.every(({ message }) => BEYOND.test(message))) expect(marked).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ["addresses", ipAddress],
    ["networks", network],
    ["addresses with prefix", interfaceAddress],
  ])("agree about %s", (_what, schema) => {
    const pattern = new RegExp(String(schema.meta()?.pattern), "u");
    const number = fc.oneof(fc.nat(300).map(String), fc.constantFrom("", "00", "01", "-1", "a"));
    const address = fc.array(number, { minLength: 3, maxLength: 5 }).map((part) => part.join("."));
    const text = fc.oneof(
      fc.ipV4(),
      address,
      fc.tuple(fc.ipV4(), number).map((part) => part.join("/")),
      fc.constantFrom("dhcp", "DHCP", "dhcp\n", "10.0.0.1/24/24"),
    );
    fc.assert(
      fc.property(text, (one) => {
        expect(pattern.test(one)).toBe(schema.safeParse(one).success);
      }),
      { numRuns: 1000 },
    );
  });
});
