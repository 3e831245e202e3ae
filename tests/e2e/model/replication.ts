import type { Fragment } from "./fragment";

const copied = {
  type: "container",
  vmid: 352,
  node: "pve02",
  template: "debian-13-standard_13.1-2_amd64.tar.zst",
  templateStorage: "Data",
  memory: "64 MiB",
  disk: { storage: "copies", size: "1 GiB" },
};

export const replication: Fragment = {
  created: {
    storages: { copies: { type: "zfs", pool: "rpool/data" } },
    guests: {
      copied: { ...copied, replicate: { pve01: { comment: "Every quarter of an hour." } } },
    },
  },
  changed: {
    guests: {
      copied: { replicate: { pve01: { schedule: "*/5", rate: "20 MiB/s", comment: "Often." } } },
    },
  },
  async check(step, lab) {
    const { data } = await lab.api("pve01", "GET", "/cluster/replication");
    const job = { id: "352-1", guest: 352, type: "local", source: "pve02", target: "pve01" };
    const told = {
      created: [{ ...job, schedule: "*/15", comment: "Every quarter of an hour.", rate: 31.25 }],
      changed: [{ ...job, schedule: "*/5", comment: "Often.", rate: 20.97 }],
      removed: [],
    }[step];
    expect(data).toMatchObject(told);
    expect(data).toHaveLength(told.length);
  },
};
