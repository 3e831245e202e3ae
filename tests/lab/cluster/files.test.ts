import { COMMAND, readReport } from "../../../toolchain/launcher/probe";
import { ADDRESS, clusterOfTwo, clusterWithWitness, freshHosts } from "./support/machines";

describe("/etc/pve/.members", () => {
  it("names only the node itself outside a cluster", async () => {
    const text = await (await freshHosts()).out("pve01", "cat /etc/pve/.members");
    expect(text).toBe('{\n"nodename": "pve01",\n"version": 0\n}\n');
  });

  it("is laid out as pmxcfs does it", async () => {
    const lab = await clusterOfTwo();
    lab.power("pve02", false);
    await lab.advance(10);
    expect(await lab.out("pve01", "cat /etc/pve/.members")).toBe(`{
"nodename": "pve01",
"version": 2,
"cluster": { "name": "site", "version": 2, "nodes": 2, "quorate": 0 },
"nodelist": {
  "pve01": { "id": 1, "online": 1, "ip": "${ADDRESS.pve01}"},
  "pve02": { "id": 2, "online": 0, "ip": "${ADDRESS.pve02}"}
  }
}
`);
  });

  it("says that a node is online until corosync misses it", async () => {
    const lab = await clusterWithWitness();
    lab.power("pve02", false);
    expect(await lab.out("pve01", "cat /etc/pve/.members")).toContain('"id": 2, "online": 1');
    await lab.advance(10);
    expect(await lab.out("pve01", "cat /etc/pve/.members")).toContain('"id": 2, "online": 0');
  });
});

describe("/etc/pve/.vmlist", () => {
  it("lists no guest, and every guest with its node and type, as JSON", async () => {
    const lab = await clusterOfTwo();
    expect(JSON.parse(await lab.out("pve01", "cat /etc/pve/.vmlist"))).toMatchObject({ ids: {} });
    const guests = lab.site.pmxcfs("pve01").guests;
    guests["100"] = { vmid: 100, type: "qemu", node: "pve01", config: {} };
    guests["102"] = { vmid: 102, type: "lxc", node: "pve02", config: {} };
    expect(JSON.parse(await lab.out("pve02", "cat /etc/pve/.vmlist"))).toMatchObject({
      ids: {
        "100": { node: "pve01", type: "qemu" },
        "102": { node: "pve02", type: "lxc" },
      },
    });
  });
});

describe("/etc/pve/corosync.conf", () => {
  it("is what pve-cluster writes", async () => {
    expect(await (await clusterOfTwo()).out("pve02", "cat /etc/pve/corosync.conf")).toBe(`logging {
  debug: off
  to_syslog: yes
}

nodelist {
  node {
    name: pve01
    nodeid: 1
    quorum_votes: 1
    ring0_addr: ${ADDRESS.pve01}
  }
  node {
    name: pve02
    nodeid: 2
    quorum_votes: 1
    ring0_addr: ${ADDRESS.pve02}
  }
}

quorum {
  provider: corosync_votequorum
}

totem {
  cluster_name: site
  config_version: 2
  interface {
    linknumber: 0
  }
  ip_version: ipv4-6
  link_mode: passive
  secauth: on
  version: 2
}

`);
  });
});

describe("what the launcher reads of a node", () => {
  it("tells cluster, members, guests and their marks", async () => {
    const lab = await clusterOfTwo();
    lab.site.pmxcfs("pve01").guests["100"] = {
      vmid: 100,
      type: "qemu",
      node: "pve02",
      config: {
        description: "Managed by Pulumi: urn:pulumi:dev\n",
        scsi0: "Data:100/vm-100-disk-0.qcow2,size=8G",
      },
    };
    const text = await lab.out("pve01", COMMAND);
    expect(readReport("pve01", text)).toEqual({
      name: "pve01",
      authority: lab.site.pmxcfs("pve01").ca.certificate.trim(),
      cluster: { name: "site", quorate: true },
      members: { pve01: true, pve02: true },
      guests: [
        {
          vmid: 100,
          type: "qemu",
          node: "pve02",
          notes: "Managed by Pulumi: urn:pulumi:dev",
          disks: { scsi0: "Data:100/vm-100-disk-0.qcow2,size=8G" },
        },
      ],
      storages: [
        {
          id: "local",
          type: "dir",
          fields: { content: "backup,iso,vztmpl,import", path: "/var/lib/vz" },
        },
        {
          id: "local-lvm",
          type: "lvmthin",
          fields: { content: "images,rootdir", thinpool: "data", vgname: "pve" },
        },
      ],
      ha: { nodes: {}, services: [] },
    });
  });
});
