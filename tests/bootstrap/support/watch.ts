import type { ClusterPlan } from "../../../components/cluster/plan";
import type { Script } from "../../../lab/control/faults";
import type { Lab } from "./bootstrap";

/** Programs of the line that a host is told to run, before the script itself is: flock, bash, cat. */
const HEAD = 3;
const OURS = /^ssh (\S+) flock .*\/run\/lock\/proxmox-ha\.lock/;

/** Whom a script's label names, where it is one of ours. */
export function hostOf({ label }: Script): string | undefined {
  return OURS.exec(label)?.[1];
}

/** What must never be, at any moment of a bootstrap. */
export class Watch {
  readonly problems: string[] = [];
  private readonly scripts = new Map<string, Script>();

  constructor(
    private readonly lab: Lab,
    private readonly cluster: ClusterPlan,
  ) {
    lab.site.faults.watch((script) => this.follow(script));
  }

  look(): void {
    this.notTwoClusters();
    this.noDuplicates();
  }

  /** A host runs one script of ours at a time, with all that it has started. */
  private follow(script: Script): void {
    const host = hostOf(script);
    if (host === undefined || script.started <= HEAD) return;
    const other = this.scripts.get(host);
    if (other && other !== script && !other.ended && !other.killed) {
      this.note(`two scripts at once on ${host}: ${step(other)} and ${step(script)}`);
    }
    this.scripts.set(host, script);
  }

  private notTwoClusters(): void {
    const { hosts, pmxcfs } = this.lab.state;
    const mounted = new Set(Object.values(hosts).flatMap(({ node }) => node?.pmxcfs ?? []));
    const named = [...mounted].filter(
      (id) => pmxcfs[id]?.corosync?.clusterName === this.cluster.name,
    );
    if (named.length > 1) this.note(`${named.length} clusters are called ${this.cluster.name}`);
  }

  private noDuplicates(): void {
    for (const { corosync } of Object.values(this.lab.state.pmxcfs)) {
      const nodes = corosync?.nodes ?? [];
      for (const key of ["name", "nodeid", "address"] as const) {
        const values = nodes.map((node) => node[key]);
        if (new Set(values).size < values.length)
          this.note(`nodes of the same ${key}: ${values.join()}`);
      }
    }
  }

  private note(problem: string): void {
    if (!this.problems.includes(problem)) this.problems.push(problem);
  }
}

const step = ({ label }: Script): string => label.split(" ").at(-2) ?? "";
