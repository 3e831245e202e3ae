import { Nfs } from "@muhlba91/pulumi-proxmoxve/storage/nfs";
import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

/** One resource of each plugin, on a lab: enough to see whether they are the right ones and create without a panic. */
const connection = JSON.parse(process.env.SMOKE_CONNECTION ?? "{}") as {
  host: string;
  port: number;
  user: string;
  privateKey: string;
  hostKey: string;
};

const command = new remote.Command("command", {
  connection: pulumi.secret(connection),
  create: "echo works",
});

new Nfs("storage", {
  resourceId: "Smoke",
  server: "192.168.18.200",
  export: "/backup/pve-data",
  contents: ["iso"],
});

export const said = command.stdout;
