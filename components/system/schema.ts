import { z } from "zod";
import { domainName, eachOnce, hostName, ipAddress, timeZone } from "../values";

/** Name servers, as resolv.conf has them. */
const dnsSchema = z.strictObject({
  servers: z
    .array(ipAddress)
    .min(1)
    .max(3, "write three at most, which is what Linux asks")
    .refine(...eachOnce)
    .describe("Addresses of the name servers, the one that is asked first in front.")
    .meta({ uniqueItems: true, examples: [["192.168.18.1"]] }),
  domain: domainName
    .describe("Search domain: what is put behind short names.")
    .meta({ examples: ["example.org"] }),
});

/** What holds for the system of every node. What is left out is left as it is. */
export const systemSchema = z
  .strictObject({
    timeZone: timeZone
      .optional()
      .describe("Time zone of the nodes and the witness: a place of the tz database, or UTC.")
      .meta({ examples: ["Europe/Berlin", "UTC"] }),
    timeServers: z
      .array(
        z.union(
          [ipAddress, hostName, domainName],
          "write an address, an entry of hosts, or a name",
        ),
      )
      .min(1)
      .refine(...eachOnce)
      .optional()
      .describe(
        "Where nodes and witness get the time, all from the same: entries of `hosts`, addresses or names. A router or a NAS in the same " +
          "network works without the internet. A witness that is among them gets the time from the others and serves it.",
      )
      .meta({ uniqueItems: true, examples: [["192.168.18.1", "nas"]] }),
    dns: dnsSchema.optional().describe("Name servers of the nodes."),
    hosts: z
      .record(domainName, ipAddress.describe("Address that the name stands for."))
      .optional()
      .describe(
        "Names that every node knows without a name server: all nodes and `hosts` of this file, and those given here with their addresses. " +
          "`{}` for the former alone. Other lines of /etc/hosts stay as they are.",
      )
      .meta({ examples: [{ "mail.example.org": "192.168.18.25" }] }),
    repositories: z
      .boolean()
      .default(false)
      .describe(
        "Whether every node has the repository of Proxmox VE that `cluster.packages` names, and no other of Proxmox VE's; without a " +
          "subscription Ceph's enterprise repository goes off too. Debian's and those of others stay as they are.",
      ),
  })
  .prefault({})
  .describe("Clock, names and package sources of the nodes. What is left out is left as it is.");

/** A node's notes in the web interface. */
export const nodeNotes = z
  .string()
  .max(65_536, "write 65536 characters at most")
  // A block of YAML ends with a line break, which Proxmox VE does not keep.
  .trim()
  .min(1, "write text, or leave it out")
  .optional()
  .describe("What the web interface says of the node; Markdown.");
