import { csrfToken, signTicket } from "../../../../lab/access/passwords";
import { type ApiResponse, dispatch } from "../../../../lab/api/dispatch";
import { Hosts } from "../../../../lab/hosts";
import { type Clock, VirtualClock } from "../../../../lab/seams/clock";
import { Site } from "../../../../lab/site";
import type { Guest, LabState, Pmxcfs } from "../../../../lab/state/types";
import { asText, type Params } from "../../support/lab";
import { Journal, type Saved } from "./journal";
import { Promises } from "./promises";
import { disksShared, quorumTwice, QuorumWatch, runningTwice } from "./watch";

/** A task whose end has not been seen yet, and what its good end means. */
interface Awaited {
  node: string;
  upid: string;
  done: () => void;
}

/** Types of tasks that have written to the cluster's file system if they end well. */
const WRITERS = [
  ...["qmcreate", "qmdestroy", "qmsnapshot", "qmdelsnapshot", "qmigrate", "hastart", "hastop"],
  ...["vzcreate", "vzdestroy", "vzsnapshot", "vzdelsnapshot", "vzmigrate", "hamigrate"],
];

/**
 * A lab that may be stopped, killed and started again, on a clock that goes on; whoever was waiting then waits for
 * ever. It looks for broken rules before and after everything that happens.
 */
export class World {
  clock!: VirtualClock;
  site!: Site;
  private journal!: Journal;
  private hosts!: Hosts;
  private awaited: Awaited[] = [];
  /** Nodes that had quorum at the last look. */
  private quorate = new Set<string>();
  private watch = new QuorumWatch();
  /** What has been promised to clients. */
  readonly promises = new Promises();
  /** Rules that were broken, each with when and after what. */
  readonly problems: string[] = [];
  /** How many guests in error somebody had to start again. */
  freed = 0;
  /** What is being done, for the words of a problem. */
  doing = "start";

  constructor(private readonly first: Saved) {
    this.open(first);
  }

  /** Seconds that have passed on the site. */
  get seconds(): number {
    return (this.clock.now() - this.first.time) / 1000;
  }

  get state(): LabState {
    return this.site.state;
  }

  /** Nodes of the cluster, in order of their names. */
  get nodes(): string[] {
    return Object.values(this.state.hosts)
      .filter(({ node }) => node)
      .map(({ name }) => name)
      .sort();
  }

  get pmxcfs(): Pmxcfs {
    return this.site.pmxcfs("pve01");
  }

  guest(vmid: number): Guest | undefined {
    return this.pmxcfs.guests[String(vmid)];
  }

  /** Ends the lab's process. Killed, it leaves what was written; else it writes everything before. */
  async restart(how: "kill" | "stop"): Promise<void> {
    const { journal } = this;
    if (how === "stop") {
      this.site.stop();
      await this.site.commit();
    }
    this.awaited = [];
    this.open(how === "kill" ? journal.saved : journal.now());
    await this.advance(0);
  }

  async advance(seconds: number): Promise<void> {
    await this.clock.advance(seconds * 1000);
    this.look();
  }

  /** What the lab's own switches do is on disk when they answer. */
  async control(change: () => void): Promise<void> {
    change();
    await this.site.commit();
    await this.advance(0);
  }

  /** One request as root@pam; undefined where nobody answers. `done` runs once its change is acknowledged. */
  async api(
    node: string,
    method: string,
    path: string,
    params: Params,
    done: () => void = () => undefined,
  ): Promise<ApiResponse | undefined> {
    if (!this.site.hardware.isOn(node)) return undefined;
    const query = method === "DELETE" || method === "GET";
    const sent = asText(params);
    const request = { method, path, query: query ? sent : {}, body: query ? {} : sent };
    const answer = await this.answer(
      dispatch(this.site, node, { ...request, ...this.ticket(node) }),
    );
    if (answer?.status !== 200) return answer;
    const upid = typeof answer.data === "string" && answer.data.startsWith("UPID:");
    if (upid)
      this.awaited.push({
        node: String(answer.data).split(":")[1] ?? node,
        upid: String(answer.data),
        done,
      });
    else {
      done();
      // The node in the path is the one that does it.
      const doer = /^\/nodes\/([^/]+)/.exec(path)?.[1] ?? node;
      if (!this.site.quorum.isQuorate(doer)) {
        this.report(`${doer} accepted ${method} ${path} without quorum`);
      }
    }
    this.look();
    return answer;
  }

  /** A line in the shell of a host; its exit code, undefined where nobody answers. */
  async shell(host: string, line: string): Promise<number | undefined> {
    if (!this.site.hardware.isOn(host)) return undefined;
    const result = await this.answer(this.hosts.shellOf(host).exec(line, ""));
    this.look();
    return result?.exitCode;
  }

  report(problem: string): void {
    if (this.problems.some((known) => known.startsWith(problem))) return;
    const time = new Date(this.clock.now()).toISOString().slice(11, 19);
    this.problems.push(`${problem} (at ${time}, after ${this.doing})`);
  }

  /** The site's clock, and with every timer a look at the rules. */
  private watched(clock: VirtualClock): Clock {
    return {
      now: () => clock.now(),
      after: (ms, action) =>
        clock.after(ms, () => {
          this.glance();
          action();
        }),
    };
  }

  private open({ text, time }: Saved): void {
    const state = JSON.parse(text) as LabState;
    this.clock = new VirtualClock(time);
    const clock = this.watched(this.clock);
    this.journal = new Journal(state, this.clock);
    this.site = new Site(this.journal, clock);
    this.hosts = new Hosts(this.site);
    this.watch = new QuorumWatch();
    this.site.start();
    this.look();
  }

  private look(): void {
    this.glance();
    for (const problem of [...disksShared(this.state), ...this.promises.lost(this.site)]) {
      this.report(problem);
    }
  }

  /** What may be wrong for a moment only, and so is looked at before everything that happens. */
  private glance(): void {
    const { site } = this;
    this.settleTasks();
    this.quorate = new Set(this.nodes.filter((node) => site.quorum.isQuorate(node)));
    for (const problem of [
      ...runningTwice(site.state),
      ...quorumTwice(site),
      ...this.watch.look(site),
    ]) {
      this.report(problem);
    }
  }

  private settleTasks(): void {
    if (this.awaited.length === 0) return;
    this.awaited = this.awaited.filter(({ node, upid, done }) => {
      const task = this.site.tasks.find(node, upid);
      if (task?.exitstatus === "OK") {
        done();
        const may = this.quorate.has(node) || this.site.quorum.isQuorate(node);
        if (WRITERS.includes(task.type) && !may) {
          this.report(`${task.type} of ${task.id} ended well on ${node} without quorum`);
        }
      }
      return task?.exitstatus === undefined;
    });
  }

  /** Lets up to a minute pass until there is an answer; who waits longer is left waiting. */
  private async answer<T>(work: Promise<T>): Promise<T | undefined> {
    let found: { value: T } | undefined;
    let failure: unknown;
    const finished = work.then(
      (value) => (found = { value }),
      (error: unknown) => (failure = error ?? new Error("rejected")),
    );
    await this.clock.advance(0);
    for (let second = 0; second < 60 && !found && failure === undefined; second++) {
      await Promise.race([finished, new Promise((resolve) => setImmediate(resolve))]);
      if (!found && failure === undefined) await this.clock.advance(second < 20 ? 0 : 1000);
    }
    if (failure !== undefined) throw failure;
    return found?.value;
  }

  private ticket(node: string): { cookie: string; csrf: string } {
    const { ticketSecret } = this.site.pmxcfs(node);
    const issued = Math.floor(this.clock.now() / 1000);
    return {
      cookie: `PVEAuthCookie=${encodeURIComponent(signTicket(ticketSecret, "root@pam", issued))}`,
      csrf: csrfToken(ticketSecret, "root@pam", issued),
    };
  }
}
