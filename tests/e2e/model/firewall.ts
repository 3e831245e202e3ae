import type { LabClient } from "../support/labClient";
import type { Fragment, Step } from "./fragment";

type Rule = Record<string, string | number>;

const VMID = 370;
const GUEST = `/nodes/pve02/lxc/${VMID}/firewall`;

/** The section is taken out while the firewall is on: it is turned off, and nothing of ours is left. */
export const firewall: Fragment = {
  created: {
    firewall: {
      enabled: true,
      management: ["192.168.18.0/24", "fw-office"],
      aliases: { "fw-office": "10.20.0.0/16", "fw-printer": "10.20.0.9" },
      sets: { "fw-monitoring": ["10.20.0.5", "fw-office", "nas"], blacklist: ["10.66.0.0/16"] },
      groups: {
        "fw-web": [
          { in: "accept", macro: "Web" },
          { in: "accept", protocol: "tcp", port: [8080, "9000-9010"], from: "fw-office" },
        ],
      },
      rules: [
        { in: "accept", macro: "SNMP", from: "fw-monitoring", comment: "from monitoring" },
        { in: "drop", protocol: "tcp", port: 8006, log: "info" },
        { group: "fw-web", interface: "vmbr0" },
      ],
    },
    nodes: {
      pve02: { firewall: { logIn: "info", rules: [{ in: "reject", macro: "Telnet" }] } },
    },
    guests: {
      fwgate: {
        type: "container",
        vmid: VMID,
        node: "pve02",
        template: "debian-13-standard_13.1-2_amd64.tar.zst",
        templateStorage: "Data",
        memory: "32 MiB",
        disk: { storage: "Data", size: "1 GiB" },
        address: "192.168.18.37/24",
        firewall: {
          ipFilter: true,
          rules: [{ group: "fw-web" }, { in: "accept", macro: "SSH", from: ["fw-office", "nas"] }],
        },
      },
    },
  },
  changed: {
    firewall: {
      outbound: "drop",
      management: ["192.168.18.0/24", "10.8.0.7"],
      aliases: { "fw-office": "10.21.0.0/16" },
      sets: { "fw-monitoring": ["10.20.0.6", "nas"] },
      groups: { "fw-web": [{ in: "accept", macro: "HTTPS" }] },
      rules: [
        { group: "fw-web" },
        { in: "accept", macro: "SNMP", from: "fw-monitoring" },
        { out: "accept", macro: "Mail", to: "fw-printer", disabled: true },
      ],
    },
    nodes: { pve02: { firewall: { logIn: "nolog", rules: [{ in: "drop", macro: "Telnet" }] } } },
    guests: {
      fwgate: {
        firewall: {
          ipFilter: false,
          outbound: "reject",
          rules: [
            { in: "accept", macro: "Ping" },
            { group: "fw-web", interface: "net0" },
          ],
        },
      },
    },
  },
  async check(step, lab) {
    const get = async (path: string) => (await lab.api("pve01", "GET", path)).data;
    const options = (await get("/cluster/firewall/options")) as Rule;
    expect(options.enable).toBe(step === "removed" ? 0 : 1);
    expect(await summaries(lab, "/cluster/firewall/rules")).toEqual(SITE[step]);
    expect(await summaries(lab, "/nodes/pve02/firewall/rules")).toEqual(NODE[step]);
    const sets = (await get("/cluster/firewall/ipset")) as { name: string }[];
    const aliases = (await get("/cluster/firewall/aliases")) as Rule[];
    const groups = (await get("/cluster/firewall/groups")) as { group: string }[];
    if (step === "removed") {
      expect([sets, aliases, groups]).toEqual([[], [], []]);
      return;
    }
    const entries = (await get("/cluster/firewall/ipset/fw-monitoring")) as { cidr: string }[];
    expect(entries.map(({ cidr }) => cidr).sort()).toEqual(
      step === "created"
        ? ["10.20.0.5", "192.168.18.200", "dc/fw-office"]
        : ["10.20.0.6", "192.168.18.200"],
    );
    expect(sets.map(({ name }) => name).sort()).toEqual(["blacklist", "fw-monitoring"]);
    expect(groups.map(({ group }) => group).sort()).toEqual(["fw-web", "lifelines"]);
    expect(await summaries(lab, `${GUEST}/rules`)).toEqual(OWN[step]);
    expect(await get(`${GUEST}/options`)).toMatchObject(
      step === "created"
        ? { enable: 1, ipfilter: 1, policy_in: "DROP", policy_out: "ACCEPT", dhcp: 1 }
        : { enable: 1, ipfilter: 0, policy_in: "DROP", policy_out: "REJECT", dhcp: 1 },
    );
    const { net0 } = (await get(`/nodes/pve02/lxc/${VMID}/config`)) as { net0: string };
    expect(net0).toContain("firewall=1");
  },
};

/** A rule in one line, as the firewall's file has it. */
async function summaries(lab: LabClient, path: string): Promise<string[]> {
  const { data } = await lab.api("pve01", "GET", path);
  return (data as Rule[]).map(
    ({ enable, type, action, macro, source, dest, proto, dport, iface }) =>
      [enable ? "" : "|", type, action, macro, source, dest, proto, dport, iface]
        .filter((word) => word !== undefined && word !== "")
        .join(" "),
  );
}

const SITE: Record<Step, string[]> = {
  created: [
    "group lifelines",
    "in ACCEPT SNMP +dc/fw-monitoring",
    "in DROP tcp 8006",
    "group fw-web vmbr0",
  ],
  changed: [
    "group lifelines",
    "group fw-web",
    "in ACCEPT SNMP +dc/fw-monitoring",
    "| out ACCEPT Mail dc/fw-printer",
  ],
  removed: [],
};
const NODE: Record<Step, string[]> = {
  created: ["group lifelines", "in REJECT Telnet"],
  changed: ["group lifelines", "in DROP Telnet"],
  removed: [],
};
const OWN: Record<"created" | "changed", string[]> = {
  created: ["group fw-web", "in ACCEPT SSH 192.168.18.200", "in ACCEPT SSH dc/fw-office"],
  changed: ["in ACCEPT Ping", "group fw-web net0"],
};
