import { type Machine, machineOf } from "../../../ops/installer/node";
import { type Changes, site } from "../../components/support/site";

/** What makes the reference site ready for installation media. */
export const READY: Changes = {
  "network.gateway": "192.168.18.1",
  "network.dns": "192.168.18.2",
  "cluster.installation": {
    domain: "example.org",
    country: "at",
    keyboard: "de",
    timezone: "Europe/Vienna",
    mail: "admin@example.org",
    sshKeys: ["ssh-ed25519 AAAAC3Nz admin@pc"],
    passwordFrom: "rootPasswordHash",
  },
  "nodes.pve01.installation": {
    disks: ["sda", "sdb"],
    device: "enp3s0",
    bootSize: "1 GiB",
    rootSize: "50 GiB",
  },
};

/** `openssl passwd -6 -salt saltsaltsaltsalt secret` */
export const HASH =
  "$6$saltsaltsaltsalt$ph0yGsyjzqdeFaon7.gJZo8eAG5/rj9/JdzOu1Rl7dKzBYg3xgvl7T2VQ2Rt81bc5AXkdA54r0p8QvC1omD6R1";

/** pve01 of the reference site, with changes to its part of the file. */
export function machine(own: Changes = {}, common: Changes = {}): Machine {
  const under = (prefix: string, changes: Changes): Changes =>
    Object.fromEntries(Object.entries(changes).map(([key, value]) => [`${prefix}.${key}`, value]));
  const changes = {
    ...structuredClone(READY),
    ...under("nodes.pve01.installation", own),
    ...under("cluster.installation", common),
  };
  return machineOf(site(changes), "pve01", "Pulumi.dev.yaml");
}
