import { resourcesOn } from "../../../../lab/ha/resources";
import { isRunning } from "../../../../lab/guests/power";
import { LOCAL } from "./seeds";
import type { World } from "./world";

/** Seconds that everything may take once nothing is broken any more. */
const PATIENCE = 15 * 60;

const SERVICES: Record<string, string[]> = {
  node: ["corosync", "corosync-qdevice"],
  witness: ["nfs-server", "corosync-qnetd"],
};

/** What an operator does after a disaster: cables, power, services, no maintenance; then waits until all is well. */
export async function heal(world: World): Promise<void> {
  world.doing = "healing";
  await world.control(() => world.site.hardware.heal());
  await repair(world);
  await untilWell(world, PATIENCE);
  const failed = inError(world);
  await unlock(world);
  for (const sid of failed) await free(world, sid);
  if (failed.length > 0) await untilWell(world, PATIENCE);
  world.doing = "healed";
  for (const problem of unwell(world)) world.report(problem);
}

async function repair(world: World, patient = true): Promise<void> {
  for (const host of Object.values(world.state.hosts)) {
    const { name, role, bootsAt, goingDown } = host;
    // In maintenance mode the LRM waits for guests that cannot leave, without a limit.
    if (goingDown && !patient) await world.control(() => world.site.machines.switch(name, false));
    if (!world.site.hardware.isOn(name)) {
      if (bootsAt === undefined) await world.control(() => world.site.machines.switch(name, true));
      if (!world.site.hardware.isOn(name)) continue;
    }
    for (const unit of SERVICES[role] ?? []) {
      const installed = unit !== "corosync-qdevice" && unit !== "corosync-qnetd";
      const wanted = installed || world.pmxcfs.corosync?.qdevice !== undefined;
      if (!wanted || host.services.includes(unit)) continue;
      await world.control(() => {
        host.services.push(unit);
        world.site.quorum.servicesChanged();
      });
    }
  }
}

async function untilWell(world: World, patience: number): Promise<void> {
  for (let passed = 0; passed < patience; passed += 15) {
    await world.advance(15);
    await repair(world, passed < 300);
    await leaveMaintenance(world);
    if (passed >= 60) await unlock(world);
    const waiting = unwell(world).filter((problem) => !problem.includes("in error"));
    if (waiting.length === 0) return;
  }
}

async function leaveMaintenance(world: World): Promise<void> {
  const requests = world.pmxcfs.ha.files?.manager_status.node_request ?? {};
  for (const node of world.nodes) {
    if (!requests[node]?.maintenance || !world.site.quorum.isQuorate("pve01")) continue;
    if ((world.pmxcfs.ha.files?.crm_commands.length ?? 0) > 0) continue;
    await world.control(() => world.site.ha.command("pve01", `disable-node-maintenance ${node}`));
  }
}

/** What was killed in the middle of a task leaves its lock, and the HA manager tries in vain until it is taken off. */
async function unlock(world: World): Promise<void> {
  for (const { vmid, type, node, config } of Object.values(world.pmxcfs.guests)) {
    if (!config.lock || !world.site.quorum.isQuorate(node)) continue;
    const works = Object.values(world.state.hosts)
      .flatMap((host) => host.node?.tasks ?? [])
      .some((task) => task.exitstatus === undefined && task.id === String(vmid));
    if (!works) await world.shell(node, `${type === "qemu" ? "qm" : "pct"} unlock ${vmid}`);
  }
}

function inError(world: World): string[] {
  const services = world.pmxcfs.ha.files?.manager_status.service_status ?? {};
  return Object.keys(services).filter((sid) => services[sid]?.state === "error");
}

/** The documented way out of an error: put right what was wrong, disable the resource and start it again. */
async function free(world: World, sid: string): Promise<void> {
  const resource = world.pmxcfs.ha.resources[sid];
  if (!resource) return;
  world.freed++;
  const wanted = resource.state;
  const put = async (state: string): Promise<void> => {
    const path = `/cluster/ha/resources/${sid}`;
    world.promises.forget(`ha ${sid} state`);
    const answer = await world.api("pve01", "PUT", path, { state });
    if (answer?.status !== 200) world.report(`PUT ${path}: ${answer?.reason ?? "no answer"}`);
  };
  await put("disabled");
  for (let waited = 0; waited < 180 && inError(world).includes(sid); waited += 10)
    await world.advance(10);
  await put(wanted);
}

/** What is not as it is to be, one sentence each. */
export function unwell(world: World): string[] {
  const { site } = world;
  const problems: string[] = [];
  for (const { name, role, services, goingDown } of Object.values(world.state.hosts)) {
    if (!site.hardware.isOn(name)) problems.push(`${name} is off`);
    if (goingDown) problems.push(`${name} is going down`);
    if (role === "witness" && !services.includes("nfs-server"))
      problems.push(`${name} exports nothing`);
  }
  for (const node of world.nodes) {
    if (!site.quorum.isQuorate(node)) problems.push(`${node} has no quorum`);
    const unseen = world.nodes.filter((other) => !site.quorum.sees(node, other));
    if (unseen.length > 0) problems.push(`${node} does not see ${unseen.join(", ")}`);
  }
  const status = world.pmxcfs.ha.files?.manager_status;
  for (const [sid, resource] of Object.entries(resourcesOn(site, "pve01"))) {
    if (resource.state !== "started" || sid === LOCAL) continue;
    const guest = world.guest(Number(sid.slice(3)));
    const state = status?.service_status[sid]?.state;
    if (!guest) continue;
    if (state === "error") problems.push(`${sid} is in error`);
    else if (!isRunning(site, guest) || state !== "started") {
      problems.push(`${sid} is to run and does not: ${state ?? "unknown"} on ${guest.node}`);
    } else if (site.nodeState(guest.node).running[guest.vmid]?.paused === "migration") {
      problems.push(`${sid} stands still`);
    } else if (!allowed(world, sid).includes(guest.node)) {
      problems.push(`${sid} runs on ${guest.node}, which its rules do not allow`);
    }
  }
  return problems;
}

/** Nodes on which the strict rules let a resource run now. */
function allowed(world: World, sid: string): string[] {
  const listed = (text = ""): string[] =>
    text.split(",").map((entry) => entry.split(":").slice(0, 1).join(""));
  let nodes = world.nodes;
  for (const rule of Object.values(world.pmxcfs.ha.rules)) {
    const members = (rule.resources ?? "").split(",");
    if (!members.includes(sid)) continue;
    if (rule.type === "node-affinity") {
      if (rule.strict === "1") nodes = nodes.filter((node) => listed(rule.nodes).includes(node));
      continue;
    }
    for (const other of members.filter((member) => member !== sid)) {
      const guest = world.guest(Number(other.slice(3)));
      if (!guest || !isRunning(world.site, guest)) continue;
      const apart = rule.affinity === "negative";
      // A resource that does not fail back stays where it is, even without those that it is to be with.
      if (!apart && world.pmxcfs.ha.resources[sid]?.failback === false) continue;
      nodes = nodes.filter((node) => (node === guest.node) !== apart);
    }
  }
  return nodes;
}
