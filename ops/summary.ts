import { type Outputs, outputsSchema } from "../components/outputs";
import { OpsError } from "./errors";
import { pulumiJson } from "./pulumi";
import type { Stack } from "./stack";

/** Prints what the stack exports, for a person. */
export async function summary(stack: Stack): Promise<void> {
  const outputs = outputsSchema.safeParse(await pulumiJson(stack, ["stack", "output", "--json"]));
  if (!outputs.success) {
    throw new OpsError(
      `Stack ${stack.name} has nothing to show: its last run did not come to its end, or there was none. ` +
        `Run: pulumi up --stack ${stack.name}`,
    );
  }
  process.stdout.write(`\n${describe(stack.name, outputs.data)}\n`);
}

export function describe(stack: string, outputs: Outputs): string {
  const { cluster, nodes, storages, guests, backupJobs } = outputs;
  const witness = cluster.witness ? `, ${cluster.witness} is the witness` : "";
  return [
    `Stack ${stack}: cluster ${cluster.name} (Proxmox VE ${cluster.release}), ${cluster.votes} votes, ` +
      `${cluster.quorum} needed${witness}.`,
    "",
    ...table(
      "Node",
      nodes.map(({ name, address, webInterface }) => [name, address, webInterface]),
    ),
    ...table(
      "Storage",
      storages.map(({ id, type, shared, place, server, export: path, content }) => [
        id,
        place ?? `${server}:${path}`,
        shared ? type : `${type}, each node's own`,
        content.join(", "),
      ]),
    ),
    ...table(
      "Guest",
      guests.map(({ key, type, vmid, homeNode, haState }) => [
        key,
        `${type} ${vmid}`,
        `home ${homeNode}`,
        haState ? `HA ${haState}` : "not HA",
      ]),
    ),
    ...table(
      "Backup job",
      backupJobs.map(({ id, schedule, storage }) => [id, schedule, `to ${storage}`]),
    ),
  ]
    .join("\n")
    .trimEnd();
}

function table(title: string, rows: string[][]): string[] {
  if (rows.length === 0) return [];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line, index) => `${(index === 0 ? title : "").padEnd(12)}${line}`).concat("");
}
