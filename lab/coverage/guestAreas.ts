import type { Area } from "./area";

/** Guests, storage, migration, backup, and the lab's own. */
export const GUEST_AREAS: readonly Area[] = [
  {
    title: "Guests",
    paths: ["/nodes/{}/qemu", "/nodes/{}/lxc"],
    imitated: [
      {
        what: "Configuration with pending changes and hotplug, templates and clones, snapshots, resize and move of disks, locks, cloud-init drives, the agent's answers.",
        documented: [
          ["guide", "Qemu/KVM Virtual Machines; Proxmox Container Toolkit"],
          ["qemu", "PVE::API2::Qemu, PVE::QemuServer"],
          ["lxc", "PVE::API2::LXC"],
        ],
      },
      {
        what: "A guest answers on a loopback port of its own while it runs, has booted and its disks answer.",
        documented: [["site", "a ping to the guest"]],
      },
    ],
    simplified: [
      "No system runs in a guest: boot time, memory in use, dirty rate and willingness to shut down are traits that can be set.",
      "Without an installer's help a guest counts as installed. A CD drive that is added later is not added to the boot order.",
      "`qm disk import` takes files on a storage of the node only, and no time.",
      "Consoles are not imitated. `mac_prefix` of the datacenter is not used for new addresses.",
      "Guests of a node that does not answer are `unknown` at once; PVE shows the last report for five minutes.",
    ],
  },
  {
    title: "Migration and replication",
    paths: [
      "/nodes/{}/qemu/{}/migrate",
      "/nodes/{}/lxc/{}/migrate",
      "/cluster/replication",
      "/nodes/{}/replication",
    ],
    imitated: [
      {
        what: "Online, offline and restart migration with or without local disks; what PVE refuses is refused in its words. Duration and downtime follow from memory in use, dirty rate and the slower link.",
        documented: [
          ["qemu", "PVE::QemuMigrate"],
          ["lxc", "PVE::LXC::Migrate"],
          ["site", "3072 MiB over 100 Mbit/s: 558 MB in 48 s, 43 ms of downtime"],
        ],
      },
      {
        what: "Replication jobs: each node runs those of its guests by the minute, jobs turn round when their guest has moved or was recovered elsewhere, a migration to a target takes what is there, and a guest without a copy does not start.",
        documented: [
          ["guests", "PVE::ReplicationState, PVE::ReplicationConfig"],
          ["storage", "PVE::Storage::ZFSPoolPlugin"],
        ],
      },
    ],
    simplified: [
      "A migration has the link to itself.",
      "Limits of the whole cluster (bwlimit in datacenter.cfg) slow nothing down; those of a request or a job do.",
      "A replication takes no time and no bandwidth, and makes no snapshots.",
    ],
  },
  {
    title: "Storage",
    paths: ["/storage", "/nodes/{}/storage", "/nodes/{}/scan", "/nodes/{}/query-url-metadata"],
    imitated: [
      {
        what: "Shared and local storages of the types that sites have, content types, allocation and free space, uploads and downloads with checksums, notes, protection, pruning.",
        documented: [
          ["guide", "Proxmox VE Storage"],
          ["storage", "PVE::Storage::Plugin and its children"],
        ],
      },
      {
        what: "A NAS that is away: mounts hang, guests stall, backups fail, HA does not fail over; and a disk that is full.",
        documented: [
          ["guide", "Proxmox VE Storage, NFS Backend"],
          ["site", "NAS switched off under running guests"],
        ],
      },
    ],
    simplified: [
      "Volumes have a size and what they use, no content; files that a shell writes have content.",
      "Snapshots and linked clones take no space of their own until they are written to, and nothing writes to them.",
      "On a full disk guests' own writes, task logs, pmxcfs and thin pools go on.",
      "The root disk of the NAS has 28 GiB. With `root_squash` root can write nothing.",
      "What `exportfs` exports by hand is everybody's, and stays exported when the NAS boots again.",
      "No Proxmox Backup Server answers: the storage can be defined only.",
    ],
  },
  {
    title: "Backup and restore",
    paths: ["/cluster/backup", "/cluster/backup-info", "/cluster/jobs", "/nodes/{}/vzdump"],
    imitated: [
      {
        what: "Jobs by calendar, stop, suspend and snapshot mode and what the guest feels of each, compression, retention, protected archives, hooks of the log; a restore brings the configuration back and frees the disks of what it replaces.",
        documented: [
          ["guide", "Backup and Restore"],
          ["manager", "PVE::VZDump, PVE::Jobs"],
        ],
      },
      {
        what: "A container on NFS goes by suspend and loses ACLs and extended attributes unless `tmpdir` is local.",
        documented: [["lxc", "PVE::VZDump::LXC"]],
      },
    ],
    simplified: [
      "How well an archive compresses follows from the algorithm alone. Fleecing is accepted and changes nothing.",
    ],
  },
  {
    title: "The lab itself",
    paths: [],
    imitated: [],
    simplified: [
      "A restart of the lab's process is for the site what the death of every task's worker is: tasks end as `unexpected status`, their guests keep their locks. However long the lab was off, its hosts were not: watchdogs, locks, HA daemons, corosync and boots go on from where they were.",
      "A snapshot that is restored goes on in the same way, at the present time of day: no node is reset for the time in between. At speed 0 whatever waits for time waits.",
      "A flaky API fails as a dying pveproxy does, in equal shares: cut before or after the work, 595, 596, 599, 500, 503.",
      "The log of events is kept in memory and begins anew with the process. Page and control interface are plain HTTP on loopback.",
    ],
  },
  {
    title: "Tasks, options, metrics",
    paths: [
      "/cluster/tasks",
      "/cluster/log",
      "/cluster/options",
      "/cluster/metrics",
      "/nodes/{}/tasks",
      "/nodes/{}/config",
      "/nodes/{}/rrddata",
    ],
    imitated: [
      {
        what: "Tasks with UPID, log, status and filters; one that its node's loss has ended is shown as PVE shows it.",
        documented: [["common", "PVE::RESTEnvironment, PVE::UPID"]],
      },
      {
        what: "Long answers are compressed for clients that take gzip.",
        documented: [["http", "PVE::APIServer::AnyEvent"]],
      },
    ],
    simplified: ["Metric servers are kept and checked, but nothing is sent to them."],
  },
];
