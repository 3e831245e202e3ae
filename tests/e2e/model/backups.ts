import type { Fragment } from "./fragment";

interface Job {
  id: string;
  [key: string]: unknown;
}

const KEPT = { "keep-daily": "7", "keep-last": "3", "keep-monthly": "3", "keep-weekly": "4" };

export const backups: Fragment = {
  created: {
    pools: { kept: { comment: "Backed up at noon." } },
    backups: {
      monthly: {
        schedule: "sat *-1..7 03:00",
        storage: "Backup",
        guests: "all",
        except: ["web"],
        protected: true,
        repeatMissed: true,
        notes: "{{guestname}} of {{cluster}}",
        retention: { last: 4 },
        fleecing: { storage: "local-lvm" },
        mail: { to: ["ops@example.com"], when: "failure" },
        ioPriority: 8,
        workers: 4,
      },
      noon: { schedule: "12:00", storage: "Backup", pool: "kept", node: "pve02" },
      some: { schedule: "13:00", storage: "Backup", guests: ["web", "ubuntu"] },
    },
  },
  changed: {
    backups: {
      monthly: {
        schedule: "sun *-1..7 04:00",
        guests: ["web"],
        except: undefined,
        protected: undefined,
        repeatMissed: undefined,
        notes: undefined,
        retention: undefined,
        fleecing: undefined,
        mail: undefined,
        ioPriority: undefined,
        workers: undefined,
        mode: "suspend",
        bandwidth: "5 MiB/s",
      },
      noon: { node: undefined, notes: "{{vmid}}" },
      some: { guests: "all", except: ["ubuntu"], enabled: false },
    },
  },
  async check(step, lab) {
    const { data } = await lab.api("pve01", "GET", "/cluster/backup");
    const jobs = new Map((data as Job[]).map((job) => [job.id, job]));
    if (step === "removed") {
      expect([...jobs.keys()]).toEqual(["nightly"]);
      return;
    }
    const told = { created: CREATED, changed: CHANGED }[step];
    for (const [id, { without = [], ...fields }] of Object.entries(told)) {
      expect(jobs.get(id)).toMatchObject(fields);
      for (const key of without) expect(jobs.get(id)).not.toHaveProperty(key);
    }
  },
};

const CREATED: Record<string, { without?: string[]; [key: string]: unknown }> = {
  monthly: {
    all: 1,
    exclude: "102",
    protected: 1,
    "repeat-missed": 1,
    "notes-template": "{{guestname}} of {{cluster}}",
    "prune-backups": { "keep-last": "4" },
    fleecing: { enabled: 1, storage: "local-lvm" },
    mailto: "ops@example.com",
    mailnotification: "failure",
    ionice: 8,
    performance: { "max-workers": 4 },
  },
  noon: { pool: "kept", node: "pve02", without: ["all", "vmid"] },
  some: { vmid: "101,102", without: ["all", "pool"] },
};

const CHANGED: typeof CREATED = {
  monthly: {
    schedule: "sun *-1..7 04:00",
    vmid: "102",
    mode: "suspend",
    bwlimit: 5120,
    protected: 0,
    "repeat-missed": 0,
    ionice: 7,
    "prune-backups": KEPT,
    without: ["all", "exclude", "notes-template", "fleecing", "mailto", "performance"],
  },
  noon: { pool: "kept", "notes-template": "{{vmid}}", without: ["node", "all"] },
  some: { all: 1, exclude: "101", enabled: 0, without: ["vmid"] },
};
