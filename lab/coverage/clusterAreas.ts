import type { Area } from "./area";

/** Hosts, cluster, quorum, HA. */
export const CLUSTER_AREAS: readonly Area[] = [
  {
    title: "Hosts",
    paths: ["/version", "/nodes", "/nodes/{}/apt"],
    imitated: [
      {
        what: "Power by a switch, a watchdog, `reboot` and `poweroff`: services stop first, SSH and API are cut off, the boot takes its time, guests with `onboot` start once there is quorum.",
        documented: [
          ["guide", "Qemu/KVM Virtual Machines, Automatic Start and Shutdown"],
          ["manager", "pve-guests.service"],
        ],
      },
      {
        what: "Repositories as files, read and changed by the API; release 9 and 8, host by host, and the upgrade between them.",
        documented: [
          ["guide", "Package Repositories"],
          ["manager", "pve8to9"],
        ],
      },
      {
        what: "Services that an administrator puts before guests or HA agent: these start when they are done, at their limit or after a failure; in the journal is what they printed.",
        documented: [
          ["debian", "systemd.unit(5), systemd.service(5)"],
          ["manager", "pve-guests.service"],
          ["ha", "pve-ha-lrm.service"],
        ],
      },
      {
        what: "Kernel modules of watchdogs: watchdog-mux opens the device that is there, else it loads the configured module, and stops where that finds no hardware.",
        documented: [["ha", "watchdog-mux.c"]],
      },
      {
        what: "NFS exports mounted by hand: root_squash, full disks, locks and renames, servers that hang or that speak NFS 4 only.",
        documented: [["debian", "mount.nfs(8), nfs(5), exports(5), showmount(8)"]],
      },
      {
        what: "A bare Debian host becomes a node: packages, sources, keyrings, kernels, boot ids, units and their drop-ins.",
        documented: [
          ["debian", "apt-get(8), dpkg(1), debconf-set-selections(1), systemctl(1)"],
          ["guide", "Install Proxmox VE on Debian"],
        ],
      },
    ],
    simplified: [
      "A host that is off refuses connections; a real one lets them time out.",
      "Hosts of one lab share one SSH key for root, and each host's clock is the lab's, with an offset at most. All are in UTC.",
      "Load, CPU use and swap are fixed values. Round-robin data parse but are drawn from the state of now.",
      "About sixty packages, one version each; apt's output comes when a command ends, without download sizes. Its lock is held by a trait or another run of apt.",
      "`systemd-run` makes timers only, and the lab forgets them when it stops. `ssh.socket` and `ssh.service` are one.",
      "Of units that scripts write a boot obeys oneshot services with their Before, ExecStart and TimeoutStartSec, and timers and `systemctl start` run those that do not remain active; other services and drop-ins are shown and run nothing. A script that is called by its path gets nine words at most; `bash FILE` and services hand over all. pvedaemon, pvestatd and the firewall's unit have a state and no effect.",
      "The words of pve-apt-hook, of the removal of the running kernel and of pmxcfs that is down are from memory.",
      "Without watchdog-mux the HA manager works all the same. While somebody holds the watchdog `/run/watchdog-mux.active` is a file, not a folder. Any version of NFS that is asked for can be mounted.",
      "An upgrade from 8 to 9 changes version, daemons and kernel at once.",
      "No SFTP. Commands of the lab's own are found in every folder of the path, just-bash's own only in `/bin` and `/usr/bin`.",
      "The shell is just-bash: no job control, no `trap`, `flock FD` holds until the script ends, a redirection that is refused lacks bash's line number, `ls -l` shows another owner and mode than `stat`.",
    ],
  },
  {
    title: "Network",
    paths: ["/nodes/{}/network", "/nodes/{}/dns", "/nodes/{}/hosts", "/nodes/{}/time"],
    imitated: [
      {
        what: "Staged changes in `/etc/network/interfaces.new`, applied at once; bridges, bonds, VLANs with PVE's checks.",
        documented: [
          ["guide", "Network Configuration"],
          ["common", "PVE::INotify"],
        ],
      },
      {
        what: "Cables between any two hosts, partitions, link speed, ports that a firewall closes: everything that one host asks of another goes over them.",
        documented: [["corosync", "totem protocol"]],
      },
    ],
    simplified: [
      "Interfaces carry no packets: a bridge without a port connects as well as any other. One network of hosts, one link.",
      "The router answers while the host's plug is in. UDP always succeeds; ports exist for SSH, API, NFS and qnetd.",
    ],
  },
  {
    title: "Cluster and quorum",
    paths: ["/cluster", "/cluster/config", "/cluster/status"],
    imitated: [
      {
        what: "`pvecm create`, `add`, `delnode`, `expected`, `qdevice setup` and `remove` with their checks, output and traps: a join replaces the joiner's configuration, keys and certificate and waits for quorum.",
        documented: [
          ["guide", "Cluster Manager"],
          ["cluster", "PVE::CLI::pvecm, PVE::Cluster::Setup"],
        ],
      },
      {
        what: "A join is a sequence of changes, and whatever cuts it off leaves those that were made: the member lists the node; key and configuration of corosync; the cluster file system's stop, the backup of its database and its removal; the start of both daemons; quorum; certificate; restarts.",
        documented: [["cluster", "PVE::CLI::pvecm add, PVE::Cluster::Setup finish_join"]],
      },
      {
        what: "pmxcfs's database is a file, which `sqlite3` and `zcat` save, check and bring back; without one pmxcfs makes a new one and takes corosync.conf in. corosync starts where its configuration is, with pve-cluster, and ends without its key.",
        documented: [
          ["cluster", "pmxcfs: pmxcfs.c, database.c; pve-cluster.service"],
          ["corosync", "totemconfig.c, corosync.service"],
        ],
      },
      {
        what: "Votes from who hears whom; memberships and the witness's answers take the time that they took on real corosync. ffsplit and lms.",
        documented: [
          ["measured", "loss and return of a member, of the witness and of a cable"],
          ["corosync", "qnetd-algo-ffsplit.c, qnetd-algo-lms.c, votequorum(5)"],
        ],
      },
      {
        what: "Without quorum `/etc/pve` is read-only and writes are refused in PVE's words; while a membership forms they wait.",
        documented: [["cluster", "pmxcfs: dfsm.c, cfs-plug-memdb.c"]],
      },
      {
        what: "`/etc/pve` shows PVE's files, generated from the lab's state, with links and permissions.",
        documented: [["guide", "Proxmox Cluster File System (pmxcfs)"]],
      },
    ],
    simplified: [
      "Times that depend on a heartbeat are their means (12 s until the loss of the witness shows, 8 s until qnetd drops a silent node).",
      "Certificates between witness and nodes are one mark of the witness's authority; a daemon notices their change at once.",
      "`ssh-keygen -F` finds no hashed names and no patterns.",
      "qnetd gives its vote away only when the old holder has let go; the sources allow both to have it for some seconds.",
      "Cables that make A hear B and B hear C, but not A hear C: low ids form the membership; real corosync goes on re-forming.",
      "An orderly poweroff looks to its peers like a loss of power.",
      "A second link is checked, answers, and is written to corosync.conf, but hangs on the one cable: nodes hear each other over the first. `token`, `two_node` and links of their own in a corosync.conf edited by hand are not taken up.",
      "The database says which cluster file system it holds; `sqlite3` knows `.dump`, `PRAGMA integrity_check`, whether corosync.conf is in it, and a dump on its standard input. A join's backup is not packed; of any other file `zcat` is gzip.",
      "A join's worker is no process of its own: it ends when the script that has started it is killed.",
      "Files below `/etc/pve` that are written by hand: corosync.conf, datacenter.cfg, keys and files unknown to PVE; others are refused.",
    ],
  },
  {
    title: "High availability",
    paths: ["/cluster/ha"],
    imitated: [
      {
        what: "CRM and LRM with their states, locks, rounds and watchdog; fencing, recovery, relocation and restart limits, error state, failback, maintenance, shutdown policies, disarm; the same log lines.",
        documented: [
          ["guide", "High Availability"],
          ["ha", "Manager.pm, CRM.pm, LRM.pm, NodeStatus.pm and src/test"],
        ],
      },
      {
        what: "Node affinity and resource affinity rules; on release 8 groups, and their migration to rules.",
        documented: [
          ["guide", "High Availability, Rules"],
          ["ha", "Rules/*.pm, Manager.pm"],
        ],
      },
      {
        what: "Schedulers basic, static (TOPSIS with PVE's criteria and weights) and dynamic.",
        documented: [["ha", "Usage/*.pm and the crate proxmox-resource-scheduling"]],
      },
    ],
    simplified: [
      "The watchdog device fires at a random moment within its 10 s.",
      "CRM and LRM of release 8 differ from 9 in groups, rules, disarm and status only.",
      "Mail of the HA manager is a line in the log.",
    ],
  },
  {
    title: "Notifications",
    paths: ["/cluster/notifications"],
    imitated: [
      {
        what: "Targets of all four types and matchers, with what is built in and set back rather than removed; secrets apart, never shown; test messages in the node's journal and in the lab's log.",
        documented: [
          ["api", "/cluster/notifications"],
          ["manager", "PVE::API2::Cluster::Notifications"],
          ["cluster", "PVE::Notify"],
        ],
      },
    ],
    simplified: [
      "Nothing leaves the lab. The world outside takes every message, but for servers below `.invalid`, which nobody finds; hosts of the lab refuse.",
      "What the lab itself has to tell (fencing, backups) is a line in the log and goes through no matcher.",
      "Regular expressions and times of matchers are not read.",
      "A lock in `/etc/pve/priv/lock` holds up the shell that made it, and nobody else.",
    ],
  },
  {
    title: "Access",
    paths: ["/access", "/pools"],
    imitated: [
      {
        what: "Users, groups, roles, realms, tokens (with separated privileges), ACLs; permissions on every path as the API viewer states them; tickets and CSRF tokens that expire.",
        documented: [
          ["guide", "User Management"],
          ["access", "PVE::AccessControl, PVE::RPCEnvironment"],
        ],
      },
      {
        what: "Second factors: TOTP, with its code checked, and recovery keys; who may see and change whose; a realm's demand.",
        documented: [
          ["guide", "Two-Factor Authentication"],
          ["access", "PVE::API2::TFA"],
        ],
      },
    ],
    simplified: [
      "Directory servers and OpenID providers are not asked: a synchronisation finds nobody.",
      "A login does not ask for the second factor that its user has or its realm demands. Keys of WebAuthn, U2F and Yubico cannot be added.",
    ],
  },
  {
    title: "Firewall",
    paths: [
      "/cluster/firewall",
      "/nodes/{}/firewall",
      "/nodes/{}/qemu/{}/firewall",
      "/nodes/{}/lxc/{}/firewall",
    ],
    imitated: [
      {
        what: "Rules, groups, aliases, IP sets and options at each of their places, with digests and positions.",
        documented: [
          ["guide", "Proxmox VE Firewall"],
          ["firewall", "PVE::API2::Firewall"],
        ],
      },
    ],
    simplified: ["Nothing is filtered."],
  },
];
