import type { Site } from "../../components/site";
import { parseCidr } from "../../components/values";
import { OpsError } from "../errors";

/** One machine, with everything that an installer asks. */
export interface Machine {
  name: string;
  domain: string;
  address: string;
  /** Bits of the network, as in 24. */
  prefix: number;
  gateway: string;
  dns: string;
  common: NonNullable<Site["cluster"]["installation"]>;
  own: NonNullable<Site["nodes"][string]["installation"]>;
}

/** What the site file must say for installation media, and how that is written. */
const COMMON =
  "{ domain: example.org, country: de, keyboard: de, timezone: Europe/Berlin, mail: admin@example.org, " +
  "sshKeys: [ssh-ed25519 AAAA…], passwordFrom: rootPasswordHash }";
const OWN = "{ disks: [sda, sdb], device: enp3s0, rootSize: 50 GiB }";

/**
 * The node of this name.
 *
 * @param file how the site file is called in messages
 * @throws OpsError for a node that the site does not have, and with everything that is missing, each with an example
 */
export function machineOf(site: Site, name: string, file: string): Machine {
  const node = Object.hasOwn(site.nodes, name) ? site.nodes[name] : undefined;
  if (!node) {
    const names = Object.keys(site.nodes).join(", ");
    throw new OpsError(`${file} has no node ${JSON.stringify(name)}; its nodes are ${names}.`);
  }
  const { gateway, dns, cidr } = site.network;
  const common = site.cluster.installation;
  const own = node.installation;
  if (gateway !== undefined && dns !== undefined && common && own) {
    const prefix = parseCidr(cidr)?.prefix ?? 0;
    const { domain } = common;
    return { name, domain, address: node.address, prefix, gateway, dns, common, own };
  }
  const missing = [
    ...(gateway === undefined ? [["network.gateway", "192.168.18.1"]] : []),
    ...(dns === undefined ? [["network.dns", "192.168.18.1"]] : []),
    ...(common ? [] : [["cluster.installation", COMMON]]),
    ...(own ? [] : [[`nodes.${name}.installation`, OWN]]),
  ];
  throw new OpsError(
    `${file} does not say enough to install ${name}. Missing, each with an example:\n` +
      missing.map(([path, example]) => `  site.${path}: ${example}`).join("\n"),
  );
}
