import type { Fragment } from "./fragment";

type Fields = Record<string, unknown>;

const FINGERPRINT = Array<string>(32).fill("0f").join(":");

/** Of every type. The lab has no SMB share and no backup server: these are defined, and disabled. */
export const storages: Fragment = {
  created: {
    storages: {
      More: {
        type: "nfs",
        server: "nas",
        export: "/backup/pve-more",
        content: ["iso", "images"],
        nfsVersion: "4.2",
        options: "nconnect=4,noatime",
        preallocation: "falloc",
        nodes: ["pve02", "pve01"],
      },
      files: {
        type: "directory",
        path: "/srv/files",
        content: ["snippets", "backup"],
        retention: { last: 2, daily: 7 },
        nodes: ["pve01"],
      },
      tank: { type: "zfs", pool: "rpool/data", thin: false },
      thin: { type: "lvm-thin", volumeGroup: "pve", thinPool: "data", content: ["images"] },
      share: {
        type: "cifs",
        server: "files.example.org",
        share: "backup",
        folder: "/pve",
        username: "pve",
        passwordFrom: "sharePassword",
        domain: "OFFICE",
        content: ["backup"],
        disabled: true,
      },
      vault: {
        type: "pbs",
        server: "backup.example.org",
        datastore: "main",
        namespace: "mizar",
        username: "pve@pbs!mizar",
        passwordFrom: "backupServerSecret",
        fingerprint: FINGERPRINT,
        retention: { weekly: 4 },
        disabled: true,
      },
    },
  },
  changed: {
    storages: {
      More: {
        content: ["vztmpl", "images"],
        options: "nconnect=8",
        nodes: ["pve01"],
      },
      files: {
        content: ["backup", "iso"],
        retention: { last: undefined, daily: 3 },
        preallocation: "off",
        nodes: undefined,
      },
      tank: { thin: true, content: ["images"], nodes: ["pve02"] },
      thin: { content: ["rootdir", "images"], disabled: true },
      share: {
        content: ["iso", "backup"],
        preallocation: "full",
        retention: { last: 3 },
        nodes: ["pve02"],
      },
      vault: { retention: { weekly: 6, last: 2 }, nodes: ["pve01"] },
    },
  },
  secrets: { sharePassword: "pa55 word's", backupServerSecret: "Vault5ecret" },
  prepare(lab) {
    const more = "/backup/pve-more";
    lab.out("nas", `mkdir -p ${more} && exportfs -o rw,sync,no_root_squash '*:${more}'`);
  },
  async check(step, lab) {
    const { data } = await lab.api("pve01", "GET", "/storage");
    const found = new Map((data as Fields[]).map((fields) => [fields.storage, sorted(fields)]));
    if (step === "removed") {
      for (const id of Object.keys(CREATED)) expect(found.has(id)).toBe(false);
      return;
    }
    const told = { created: CREATED, changed: { ...CREATED, ...CHANGED } }[step];
    for (const [id, fields] of Object.entries(told)) expect(found.get(id)).toMatchObject(fields);
    const active = step === "created" ? ["More", "files", "tank", "thin"] : ["More", "files"];
    const here = await lab.api("pve01", "GET", "/nodes/pve01/storage");
    const states = new Map(
      (here.data as Fields[]).map(({ storage, active: state }) => [storage, state]),
    );
    for (const id of active) expect([id, states.get(id)]).toEqual([id, 1]);
  },
};

/** Lists of storage.cfg have no order. */
function sorted({ content, nodes, "prune-backups": keep, ...fields }: Fields): Fields {
  const list = (value: unknown): unknown =>
    typeof value === "string" ? value.split(",").sort().join(",") : value;
  return { ...fields, content: list(content), nodes: list(nodes), "prune-backups": list(keep) };
}

const CREATED: Record<string, Fields> = {
  More: {
    type: "nfs",
    content: "images,iso",
    nodes: "pve01,pve02",
    options: "vers=4.2,nconnect=4,noatime",
    preallocation: "falloc",
  },
  files: {
    type: "dir",
    content: "backup,snippets",
    nodes: "pve01",
    "prune-backups": "keep-daily=7,keep-last=2",
  },
  tank: { type: "zfspool", pool: "rpool/data", content: "images,rootdir" },
  thin: { type: "lvmthin", vgname: "pve", thinpool: "data", content: "images" },
  share: {
    type: "cifs",
    server: "files.example.org",
    share: "backup",
    subdir: "/pve",
    domain: "OFFICE",
    username: "pve",
    disable: 1,
    "prune-backups": "keep-all=1",
  },
  vault: {
    type: "pbs",
    datastore: "main",
    namespace: "mizar",
    fingerprint: FINGERPRINT,
    disable: 1,
    "prune-backups": "keep-weekly=4",
  },
};

const CHANGED: typeof CREATED = {
  More: {
    content: "images,vztmpl",
    nodes: "pve01",
    options: "vers=4.2,nconnect=8",
    preallocation: "falloc",
  },
  files: {
    content: "backup,iso",
    nodes: "pve01,pve02",
    preallocation: "off",
    "prune-backups": "keep-daily=3",
  },
  tank: { sparse: 1, content: "images", nodes: "pve02" },
  thin: { content: "images,rootdir", disable: 1 },
  share: {
    content: "backup,iso",
    preallocation: "full",
    "prune-backups": "keep-last=3",
    nodes: "pve02",
  },
  vault: { nodes: "pve01", "prune-backups": "keep-last=2,keep-weekly=6" },
};
