import { die } from "../api/errors";
import { releaseOf } from "../api/version";
import type { Site } from "../site";
import type { Daemon } from "./core/environment";
import { managerStatusReport, type ReportSource, statusEntries, statusText } from "./core/report";
import { HaStack } from "./core/stack";
import { clusterTiming, seededRandom } from "./core/timing";
import { filesOf, type LogLine, SiteEnvironment } from "./environment";
import { resourcesOn } from "./resources";
import { settingsOf } from "./settings";

const DAEMONS: readonly Daemon[] = ["crm", "lrm"];
const UNITS: Record<Daemon, string> = { crm: "pve-ha-crm", lrm: "pve-ha-lrm" };

/** The HA manager of the site: its daemons on every node that has power, and what they say of themselves. */
export class HighAvailability {
  private readonly env: SiteEnvironment;
  private stack: HaStack | undefined;
  private readonly powered = new Set<string>();

  constructor(private readonly site: Site) {
    this.env = new SiteEnvironment(site);
    site.hardware.onChange((host) => this.followPower(host));
    site.nodes.onMade((host) => this.followPower(host));
    site.units.onChange((host, unit) => this.followUnit(host, unit));
  }

  /** Starts the daemons of nodes that have power, or lets them go on where the lab left off. */
  start(): void {
    const { site } = this;
    site.state.haMemory ??= { nodes: {} };
    const timing = clusterTiming(seededRandom(site.clock.now()));
    this.stack = new HaStack(this.env, timing, site.state.haMemory);
    for (const name of Object.keys(site.state.haMemory.nodes)) this.powered.add(name);
    for (const name of Object.keys(site.state.hosts)) this.followPower(name);
  }

  /** Ends all timers, for a lab that goes down; the site's nodes do not notice. */
  stop(): void {
    this.stack?.stop();
    this.stack = undefined;
  }

  get lines(): readonly LogLine[] {
    return this.env.lines;
  }

  stopDaemon(node: string, daemon: Daemon): void {
    this.stack?.stopDaemon(node, daemon);
  }

  isRunning(node: string, daemon: Daemon): boolean {
    return this.stack?.isRunning(node, daemon) ?? false;
  }

  /** GET /cluster/ha/status/current. */
  status(node: string): ReturnType<typeof statusEntries> {
    return statusEntries(this.source(node));
  }

  /** What `ha-manager status` prints. */
  statusText(node: string): string {
    return statusText(this.source(node));
  }

  /** GET /cluster/ha/status/manager_status. */
  managerStatus(node: string): ReturnType<typeof managerStatusReport> {
    return managerStatusReport(this.source(node));
  }

  /** Queues a command for the active manager, as `ha-manager crm-command` does. @throws without quorum. */
  command(node: string, line: string): void {
    if (!this.site.quorum.isQuorate(node)) throw die("cluster not ready - no quorum?");
    this.env.files.write(node, (files) => {
      files.crm_commands.push(line);
    });
  }

  private source(node: string): ReportSource {
    const { site } = this;
    return {
      node,
      quorate: site.quorum.isQuorate(node),
      release: releaseOf(site.host(node)),
      now: Math.floor(site.clock.now() / 1000),
      files: filesOf(site, node),
      resources: resourcesOn(site, node),
      settings: settingsOf(site, node),
    };
  }

  private followPower(host: string): void {
    const { site, stack, powered } = this;
    if (!stack || !site.state.hosts[host]?.node) return;
    const on = site.hardware.isOn(host);
    if (on === powered.has(host)) return;
    if (on) powered.add(host);
    else powered.delete(host);
    if (!on) return stack.powerOff(host);
    const { services } = site.host(host);
    stack.powerOn(
      host,
      DAEMONS.filter((daemon) => services.includes(UNITS[daemon])),
    );
  }

  private followUnit(name: string, unit: string): void {
    const { site, stack } = this;
    const daemon = DAEMONS.find((one) => UNITS[one] === unit);
    if (!stack || !daemon || !this.powered.has(name)) return;
    if (site.units.isActive(site.host(name), unit)) stack.startDaemon(name, daemon);
    else stack.stopDaemon(name, daemon);
  }
}
