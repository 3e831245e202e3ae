import type { Fragment } from "./fragment";

const DATA: Record<string, { zone: string; dns: object; notes: string; mail: string }> = {
  created: {
    zone: "Europe/Berlin",
    dns: { search: "example.org", dns1: "192.168.18.1", dns2: "192.168.18.200" },
    notes: "In the cellar.\n\nSwitch port 3.",
    mail: "192.168.18.25",
  },
  changed: {
    zone: "Europe/Vienna",
    dns: { search: "example.net", dns1: "192.168.18.1" },
    notes: "In the attic.",
    mail: "192.168.18.26",
  },
};

export const system: Fragment = {
  created: {
    system: {
      timeZone: "Europe/Berlin",
      timeServers: ["nas", "192.168.18.1"],
      dns: { servers: ["192.168.18.1", "192.168.18.200"], domain: "example.org" },
      hosts: { "mail.example.org": "192.168.18.25" },
      repositories: true,
    },
    nodes: { pve01: { notes: "In the cellar.\n\nSwitch port 3.\n" } },
  },
  changed: {
    system: {
      timeZone: "Europe/Vienna",
      timeServers: ["192.168.18.1"],
      dns: { servers: ["192.168.18.1"], domain: "example.net" },
      hosts: { "mail.example.org": "192.168.18.26" },
    },
    nodes: { pve01: { notes: "In the attic." } },
  },
  /** All but notes stay as they were set when they leave the file. */
  async check(step, lab) {
    const { zone, dns, notes, mail } = (step === "created" ? DATA.created : DATA.changed) ?? {};
    for (const node of ["pve01", "pve02"]) {
      const time = await lab.api(node, "GET", `/nodes/${node}/time`);
      expect(time.data).toMatchObject({ timezone: zone });
      expect((await lab.api(node, "GET", `/nodes/${node}/dns`)).data).toEqual(dns);
      expect(lab.out(node, "getent hosts mail.example.org nas pve02").split(/\s+/)[0]).toBe(mail);
      const { data } = await lab.api(node, "GET", `/nodes/${node}/apt/repositories`);
      const { "standard-repos": standard } = data as {
        "standard-repos": { handle: string; status: number | null }[];
      };
      const on = standard.filter(({ status }) => status === 1).map(({ handle }) => handle);
      expect(on).toEqual(["no-subscription"]);
    }
    expect(lab.out("nas", "timedatectl show -p Timezone --value")).toBe(zone);
    const sources = (host: string): string[] =>
      [...lab.out(host, "chronyc -n sources").matchAll(/^\^\S (\S+)/gm)].map(
        ([, name = ""]) => name,
      );
    const both = step === "created" ? ["192.168.18.1", "192.168.18.200"] : ["192.168.18.1"];
    expect([sources("pve01"), sources("pve02"), sources("nas")]).toEqual([
      both,
      both,
      ["192.168.18.1"],
    ]);
    const config = (await lab.api("pve01", "GET", "/nodes/pve01/config")).data;
    const { description = "" } = config as { description?: string };
    expect(description.trimEnd()).toBe(step === "removed" ? "" : notes);
  },
};
