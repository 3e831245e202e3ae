import type { Guest } from "../../../../lab/state/types";
import type { Params } from "../../support/lab";
import type { Action, ClusterVerb, GuestVerb, HaVerb } from "./actions";
import type { World } from "./world";

/** Does one action; what it makes no sense to do on this site at this moment is not done. */
export async function perform(world: World, action: Action): Promise<void> {
  const { site } = world;
  world.doing = JSON.stringify(action);
  switch (action.do) {
    case "wait":
      return world.advance(action.seconds);
    case "power":
      return world.control(() => site.machines.switch(action.host, action.on));
    case "reset":
      if (!site.hardware.isOn(action.host)) return;
      return world.control(() => site.machines.reset(action.host));
    case "shut down":
      if (!site.hardware.isOn(action.host)) return;
      return world.control(() => site.machines.shutDown(action.host, action.kind));
    case "plug":
      return world.control(() => site.hardware.plug(action.host, action.connected));
    case "cable":
      return world.control(() => site.hardware.connect(action.a, action.b, action.connected));
    case "partition":
      return world.control(() => site.hardware.partition(action.groups));
    case "mend":
      return world.control(() => site.hardware.heal());
    case "service":
      await world.shell(
        action.host,
        `systemctl ${action.running ? "start" : "stop"} ${action.unit}`,
      );
      return;
    case "maintenance": {
      const verb = action.on ? "enable" : "disable";
      await world.shell(
        action.at,
        `ha-manager crm-command node-maintenance ${verb} ${action.node}`,
      );
      return;
    }
    case "guest":
      return onGuest(world, action.at, action.vmid, action.verb, action.n);
    case "ha":
      return onResource(world, action.at, action.sid, action.verb, action.n);
    case "cluster":
      return onCluster(world, action.at, action.verb, action.n);
    case "shell":
      await world.shell(action.host, action.line);
      return;
    case "restart":
      return world.restart(action.how);
    default: {
      const never: never = action;
      throw new Error(`no such action: ${JSON.stringify(never)}`);
    }
  }
}

/** Another node than the guest's, as far as there is a choice by `n`. */
function otherNode(world: World, guest: Guest, n: number): string {
  const others = world.nodes.filter((name) => name !== guest.node);
  return others[n % others.length] ?? guest.node;
}

async function onGuest(
  world: World,
  at: string,
  vmid: number,
  verb: GuestVerb,
  n: number,
): Promise<void> {
  const guest = world.guest(vmid);
  if (!guest) return;
  const { type, node } = guest;
  const base = `/nodes/${node}/${type}/${vmid}`;
  const sid = `${type === "qemu" ? "vm" : "ct"}:${vmid}`;
  const keep = (place: string, value: unknown) => () => world.promises.keep(place, value);
  const post = (path: string, params: Params = {}, done?: () => void) =>
    world.api(at, "POST", `${base}/${path}`, params, done);
  /** For an HA guest its task only writes down what is wanted; the guest is not asked. */
  const wish = (state: string) => () => {
    if (world.pmxcfs.ha.resources[sid]) world.promises.keep(`ha ${sid} state`, state);
  };
  switch (verb) {
    case "start":
      await post("status/start", {}, wish("started"));
      return;
    case "stop":
    case "shutdown":
      await post(`status/${verb}`, {}, wish("stopped"));
      return;
    case "reboot":
      await post("status/reboot");
      return;
    case "migrate": {
      const target = otherNode(world, guest, n);
      const local = type === "qemu" ? { online: 1, "with-local-disks": 1 } : { restart: 1 };
      await post("migrate", { target, ...local });
      return;
    }
    case "describe": {
      const description = `note ${n}`;
      const written = `${description}\n`;
      await world.api(at, "PUT", `${base}/config`, { description }, () => {
        const is = world.guest(vmid)?.config.description;
        world.promises.keep(`config ${vmid} description`, is === written ? written : description);
      });
      return;
    }
    case "resize memory": {
      const memory = 256 + 64 * n;
      await world.api(
        at,
        "PUT",
        `${base}/config`,
        { memory },
        keep(`config ${vmid} memory`, String(memory)),
      );
      return;
    }
    case "snapshot":
      await post("snapshot", { snapname: `s${n}` }, keep(`snapshot ${vmid} s${n}`, "there"));
      return;
    case "delete snapshot":
      await world.api(
        at,
        "DELETE",
        `${base}/snapshot/s${n}`,
        {},
        keep(`snapshot ${vmid} s${n}`, undefined),
      );
      return;
    case "backup": {
      const mode = (["snapshot", "suspend", "stop"] as const)[n % 3] ?? "stop";
      const params = { vmid, storage: "Backup", mode, remove: 0 };
      await world.api(at, "POST", `/nodes/${node}/vzdump`, params, () =>
        world.promises.keepBackups(world.site, vmid),
      );
      return;
    }
    case "delete":
      if (vmid < 107) return;
      await world.api(at, "DELETE", base, { purge: 1 }, () => {
        for (const kind of ["config", "snapshot"]) world.promises.forget(`${kind} ${vmid}`);
        world.promises.forget(`ha ${sid}`);
        world.promises.keep(`guest ${vmid}`, undefined);
      });
      return;
    default: {
      const never: never = verb;
      throw new Error(`no such verb: ${String(never)}`);
    }
  }
}

async function onResource(
  world: World,
  at: string,
  sid: string,
  verb: HaVerb,
  n: number,
): Promise<void> {
  const path = `/cluster/ha/resources/${sid}`;
  const put = (params: Params): Promise<unknown> =>
    world.api(at, "PUT", path, params, () => {
      for (const [key, value] of Object.entries(params))
        world.promises.keep(`ha ${sid} ${key}`, value);
    });
  switch (verb) {
    case "add": {
      const params = { max_restart: n % 3, max_relocate: n % 2, state: "started" };
      await world.api(at, "POST", "/cluster/ha/resources", { sid, ...params }, () => {
        world.promises.keep(`ha ${sid}`, "there");
        for (const [key, value] of Object.entries(params))
          world.promises.keep(`ha ${sid} ${key}`, value);
      });
      return;
    }
    case "remove":
      await world.api(at, "DELETE", path, {}, () => world.promises.keep(`ha ${sid}`, undefined));
      return;
    case "start":
      await put({ state: "started" });
      return;
    case "stop":
      await put({ state: "stopped" });
      return;
    case "disable":
      await put({ state: "disabled" });
      return;
    case "limits":
      await put({ max_restart: n % 3, max_relocate: (n >> 1) % 3 });
      return;
    case "migrate":
    case "relocate":
      await world.api(at, "POST", `${path}/${verb}`, {
        node: world.nodes[n % world.nodes.length] ?? at,
      });
      return;
    default: {
      const never: never = verb;
      throw new Error(`no such verb: ${String(never)}`);
    }
  }
}

async function onCluster(world: World, at: string, verb: ClusterVerb, n: number): Promise<void> {
  const keep = (place: string, value: unknown) => () => world.promises.keep(place, value);
  const node = world.nodes[n % world.nodes.length] ?? at;
  switch (verb) {
    case "create VM": {
      const params = { vmid: 107, scsi0: "Data:1", memory: 128 };
      await world.api(at, "POST", `/nodes/${node}/qemu`, params, keep("guest 107", "there"));
      return;
    }
    case "create CT": {
      const ostemplate = "Data:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst";
      const params = { vmid: 108, ostemplate, rootfs: "Data:1", memory: 128 };
      await world.api(at, "POST", `/nodes/${node}/lxc`, params, keep("guest 108", "there"));
      return;
    }
    case "storage": {
      const params = { storage: "More", type: "dir", path: "/srv/more", content: "iso" };
      await world.api(at, "POST", "/storage", params, keep("storage More", "there"));
      return;
    }
    case "change storage": {
      const content = ["images", "images,iso", "backup", "snippets"][n % 4] ?? "iso";
      await world.api(at, "PUT", "/storage/More", { content });
      return;
    }
    case "pool":
      await world.api(at, "POST", "/pools", { poolid: "ours" }, keep("pool ours", "there"));
      return;
    case "comment on pool": {
      const comment = `comment ${n}`;
      await world.api(at, "PUT", "/pools/ours", { comment }, keep("pool ours comment", comment));
      return;
    }
    default: {
      const never: never = verb;
      throw new Error(`no such verb: ${String(never)}`);
    }
  }
}
