import type { Command } from "commander";
import type { LabPaths } from "../paths";
import { labPaths, oneOf, say } from "./cli";
import { control, labPath, readStatus } from "./client";

export function serviceCommands(program: Command): void {
  program
    .command("service <host> <unit> <verb>")
    .description("stop or start a service of a host: service pve01 corosync stop")
    .action(async (host: string, unit: string, verb: string, _options, command: Command) =>
      switchService(labPaths(command), host, unit, verb),
    );
  program
    .command("nas <verb>")
    .description("stop or start the NAS's NFS server; the witness beside it goes on")
    .action(onWitness("nfs-server"));
  program
    .command("witness <verb>")
    .description("stop or start the QDevice's witness; the NFS server beside it goes on")
    .action(onWitness("corosync-qnetd"));
}

function onWitness(unit: string) {
  return async (verb: string, _options: unknown, command: Command): Promise<void> => {
    const paths = labPaths(command);
    const { witness } = await readStatus(paths);
    await switchService(paths, witness.name, unit, verb);
  };
}

async function switchService(
  paths: LabPaths,
  host: string,
  unit: string,
  verb: string,
): Promise<void> {
  const running = oneOf("what to do with a service", verb, "stop", "start") === "start";
  await control(paths, "PUT", labPath("services", host, unit), { running });
  say(`${unit} on ${host} ${running ? "runs" : "is stopped"}`);
}
