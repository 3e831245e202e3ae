import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inProgramsWords } from "../../policy/places";

describe("what a rule says to a program without a site file", () => {
  it.each([
    ["Give it a witness: site.cluster.witness.", "proxmox-ha:policies.clusters.*.witness."],
    ["Add a node to site.nodes, or take", "to proxmox-ha:policies.clusters.*.nodes, or take"],
    [
      "a second link, site.nodes.*.link1, or",
      "link, then links: 2 in proxmox-ha:policies.clusters",
    ],
    ["to another host, site.copies, add", "host, by whatever you copy with, add"],
    ["fewer, site.copies.*.retention, or", "fewer, retention of its copies, or"],
    ["many: site.copies.usb.retention, or", "many: retention of ArchiveCopy usb, or"],
    ["Add it to one: site.backups.*.guests.", "one: vmids of its backup.Job."],
    ["more often, site.backups.*.schedule, or", "often, schedule of its backup.Job, or"],
    ["fewer, site.backups.*.retention, or", "fewer, pruneBackups of its jobs, or"],
    ["snapshot: site.backups.nightly.mode.", "snapshot: mode of backup.Job nightly."],
    ["zstd: site.backups.a.b.compress.", "zstd: compress of backup.Job a.b."],
    ["many: site.backups.nightly.retention, or", "pruneBackups of backup.Job nightly, or"],
    [
      "guests.db.ha.nodes, guests.db.ha.strict.",
      "nodes of a Harule about db, strict of a Harule about db.",
    ],
    ["or more: guests.db.ha.maxRelocate.", "more: maxRelocate of Haresource db."],
    ["less memory, guests.*.memory, pve01 more", "memory, memory.dedicated, pve01"],
    ["then say guests.db.agent: true.", "then say agent.enabled: true of db."],
    ["another, guests.db.bridge, or", "another, bridge of the cards of db, or"],
    ["with 8: guests.db.cores.", "with 8: cpu.cores of db."],
    ["v2-AES: guests.www.example.org.cpu.", "v2-AES: cpu.type of www.example.org."],
    ["its drive (guests.win.drivers), and", "its drive (a second CD drive of win), and"],
    ["win11: guests.win.os.", "win11: operatingSystem.type of win."],
    [
      "Set proxmox-ha:protect: true, or protect: true of the resource.",
      "Set protect: true of the resource.",
    ],
  ])("%s", (message, expected) => {
    expect(inProgramsWords(message)).toContain(expected);
    expect(inProgramsWords(message)).not.toMatch(/site\.|guests\./);
  });

  it("leaves everything else as it is", () => {
    const message = "guest db: 3 of 4 guests. Let its guests.d be, and site.org too.";
    expect(inProgramsWords(message)).toBe(message);
  });

  it("knows every path that a rule names", () => {
    const folders = ["policy/rules", "policy/facts"].map((folder) =>
      join(__dirname, "../..", folder),
    );
    const sources = folders.flatMap((folder) =>
      readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8")),
    );
    const paths = sources
      .flatMap(
        (source) =>
          source.match(/(?<![\w.])(site\.[a-z]\w*\.?|guests\.(\*|\$\{[\w.]+\}))[\w.*${}]*/g) ?? [],
      )
      .map((path) => path.replace(/\.\$\{key\}/, ".maxRestart"))
      .map((path) => path.replace(/\$\{[\w.]+\}/g, "x").replace(/\.$/, ""));
    const named = paths.filter((path) =>
      /^site\.(cluster|nodes|backups|copies)|^guests\.[x*]/.test(path),
    );
    expect(new Set(named).size).toBeGreaterThan(15);
    const kept = named.map((path) => (path.endsWith(".agent") ? `${path}: true` : path));
    expect(kept.filter((path) => /site\.|guests\./.test(inProgramsWords(path)))).toEqual([]);
  });
});
