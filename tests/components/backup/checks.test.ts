import { refuses } from "../support/broken";
import { site } from "../support/site";

describe("a backup job", () => {
  refuses([
    [
      "says what it backs up",
      { "backups.nightly.guests": undefined },
      "backups.nightly: nothing says what is backed up; write guests: all, a list, or pool: NAME",
    ],
    [
      "says it once",
      { "pools.office": {}, "backups.nightly.pool": "office" },
      "backups.nightly.pool: guests says already what is backed up; take one of both away",
    ],
    [
      "has a pool of the site",
      { "backups.nightly.guests": undefined, "backups.nightly.pool": "office" },
      'backups.nightly.pool: there is no pool "office"; pools is empty',
    ],
    [
      "leaves nobody out of a list",
      { "backups.nightly.guests": ["web", "ubuntu"], "backups.nightly.except": ["web"] },
      "backups.nightly.except: only guests: all has exceptions; take these out of the list of guests, or write all",
    ],
    [
      "leaves nobody out of a pool",
      {
        "pools.office": {},
        "backups.nightly.guests": undefined,
        "backups.nightly.pool": "office",
        "backups.nightly.except": ["web"],
      },
      "backups.nightly.except: Proxmox VE takes no guest out of a pool for a backup; take it out of the pool, or list guests",
    ],
    [
      "leaves out guests of the site",
      { "backups.nightly.except": ["ubuntu", "mail"] },
      'backups.nightly.except.1: there is no guest "mail"; guests has win2016, ubuntu, web',
    ],
    [
      "does not leave out every guest",
      { "backups.nightly.except": ["ubuntu", "web", "win2016"] },
      "backups.nightly.except: every guest of the site is left out; name fewer, or remove the job",
    ],
    [
      "runs on a node of the site",
      { "backups.nightly.node": "pve03" },
      'backups.nightly.node: there is no node "pve03"; nodes has pve01, pve02',
    ],
    [
      "puts aside what VMs overwrite on a storage for disks",
      { "backups.nightly.fleecing": { storage: "Backup" } },
      "backups.nightly.fleecing.storage: storage Backup does not hold images; add it to storages.Backup.content",
    ],
    [
      "writes notes that Proxmox VE understands",
      { "backups.nightly.notes": "{{guest}}" },
      'backups.nightly.notes: "{{guest}}"; write one line in which {{cluster}}, {{guestname}}, {{node}} and {{vmid}} may stand, and \\n for a new line',
    ],
    [
      "mails to addresses and users",
      { "backups.nightly.mail": { to: ["ops"] } },
      'backups.nightly.mail.to.0: "ops"; write a mail address, or a user with realm, as in ops@example.com or root@pam',
    ],
  ]);

  it("may leave guests out, and say all the rest", () => {
    const { nightly } = site({
      "backups.nightly.except": ["web"],
      "backups.nightly.notes": "{{guestname}} ({{vmid}})\\nof {{cluster}} on {{node}}",
      "backups.nightly.mail": { to: ["root@pam", "ops@example.com"] },
      "backups.nightly.fleecing": { storage: "local-lvm" },
    }).backups;
    expect(nightly).toMatchObject({ except: ["web"], mail: { when: "always" } });
  });
});
