import type { GuestTask, HaEnvironment } from "../environment";
import { SECONDS } from "../timing";
import { EXIT, type LogLevel, type Resource, type ServiceState } from "../types";

/** What the manager, or a shutdown of the node, wants done with one service. */
export interface Order {
  sid: string;
  state: ServiceState;
  target?: string | undefined;
  timeout?: number | undefined;
  /** It had begun when the lab was stopped, so a motion may have ended well meanwhile. */
  interrupted?: boolean;
}

/** Tells the exit code once the work is done, undefined before. */
export type Work = () => number | undefined;

const done =
  (code: number): Work =>
  () =>
    code;

/** Begins an order on a node, as a resource agent does. */
export function beginOrder(
  env: HaEnvironment,
  node: string,
  resource: Resource | undefined,
  order: Order,
): Work {
  const { sid, state } = order;
  const log = (level: LogLevel, text: string): void => env.log(node, "lrm", level, text);
  if (!resource) {
    log("err", `missing resource configuration for '${sid}'`);
    return done(EXIT.unknownService);
  }
  if (state === "error") {
    log(
      "err",
      `service ${sid} is in an error state and needs manual intervention. Look up 'ERROR RECOVERY' in the documentation.`,
    );
    return done(EXIT.success);
  }
  if (order.interrupted && resource.node === order.target) return done(EXIT.success);
  if (resource.node !== node) {
    log("err", `service '${sid}' not on this node`);
    return done(EXIT.wrongNode);
  }
  const running = (): boolean => env.guests.isRunning(node, sid);

  switch (state) {
    case "started":
      if (running()) return done(EXIT.success);
      log("info", `starting service ${sid}`);
      return after(env.guests.start(node, sid), () => {
        if (running()) log("info", `service status ${sid} started`);
        else log("warning", `unable to start service ${sid}`);
        return running();
      });
    case "request_stop":
    case "stopped": {
      if (!running()) return done(EXIT.success);
      const { timeout } = order;
      const limit = timeout === undefined ? "" : ` (timeout=${timeout})`;
      log("info", `stopping service ${sid}${limit}`);
      return after(env.guests.stop(node, sid, timeout ?? SECONDS.stopTimeout), () => {
        if (running()) log("info", `unable to stop service ${sid} (still running)`);
        else log("info", `service status ${sid} stopped`);
        return !running();
      });
    }
    case "migrate":
    case "relocate":
    case "request_start_balance":
      return move(env, node, order, running(), log);
    default:
      log("err", `implement me (cmd '${state}')`);
      return done(EXIT.invalidParameter);
  }
}

function move(
  env: HaEnvironment,
  node: string,
  { sid, state, target }: Order,
  running: boolean,
  log: (level: LogLevel, text: string) => void,
): Work {
  if (target === undefined) {
    log("err", `${state} '${sid}' failed - missing target`);
    return done(EXIT.invalidParameter);
  }
  if (state === "request_start_balance" && running) {
    log("info", `ignoring rebalance-on-start for service ${sid} - already running`);
    return done(EXIT.ignored);
  }
  return after(env.guests.migrate(node, sid, target, state === "migrate"), () => {
    const moved = env.config.resources(node)[sid]?.node !== node;
    if (!moved) log("err", `service ${sid} not moved (migration error)`);
    return moved;
  });
}

/** The exit code follows from what is the case when the task has ended, not from what the task says. */
function after(task: GuestTask, succeeded: () => boolean): Work {
  return () => {
    if (!task.done) return undefined;
    return succeeded() ? EXIT.success : EXIT.error;
  };
}
