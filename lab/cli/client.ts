import { readFile } from "node:fs/promises";
import type { LabPaths } from "../paths";
import type { LabState } from "../state/types";
import { type LabSecrets, type LabStatus, portsOfGuests } from "../status";
import { LabError } from "./cli";
import { runningPid } from "./daemonProcess";

/** What the lab wrote about itself, with power and guests as they are now. @throws LabError where there is none. */
export async function readStatus(paths: LabPaths): Promise<LabStatus> {
  const text = await readFile(paths.status, "utf8").catch(() => {
    throw new LabError("there is no lab here yet; make one: npm run -s lab -- start");
  });
  const status = JSON.parse(text) as LabStatus;
  const state = JSON.parse(await readFile(paths.state, "utf8")) as LabState;
  for (const host of [...status.nodes, status.witness]) {
    host.power = state.hosts[host.name]?.power ? "on" : "off";
  }
  status.guests = portsOfGuests(state);
  return status;
}

/** One request to the running lab's control interface; its refusals become `LabError`s. */
export async function control<T>(
  paths: LabPaths,
  method: "GET" | "PUT" | "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<T> {
  if (!(await runningPid(paths))) {
    throw new LabError("the lab does not run; start it: npm run -s lab -- start");
  }
  const secrets = JSON.parse(await readFile(paths.secrets, "utf8")) as LabSecrets;
  const response = await fetch(`http://127.0.0.1:${secrets.controlPort}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${secrets.controlToken}`,
      "content-type": "application/json",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new LabError((answer as { message: string }).message);
  return answer as T;
}

/** A path below `/lab`, with each part encoded. */
export function labPath(...parts: string[]): string {
  return ["/lab", ...parts.map(encodeURIComponent)].join("/");
}
