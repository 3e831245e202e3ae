import { PveError } from "../api/errors";
import type { Site } from "../site";
import { entriesOf } from "./notifications";

/**
 * Sends a test message (proxmox-notify, Bus::test_target). Nothing leaves the lab: what the world outside would take is
 * told to whoever listens. There, every name stands for a server that takes what comes, but for those below `.invalid`,
 * which nobody has (RFC 6761); the lab's own hosts offer no such service.
 */
export function sendTest(site: Site, node: string, name: string): void {
  const config = site.pmxcfs(node);
  const entry = entriesOf(config)[name];
  const secret = config.notifications?.secrets[name];
  const needsSecret = entry !== undefined && entry.type !== "sendmail";
  if (!entry || entry.type === "matcher" || (needsSecret && secret === undefined)) {
    throw new PveError(404, `endpoint '${name}' does not exist`);
  }
  const value = (key: string): string => String(entry.values[key] ?? "");
  switch (entry.type) {
    case "sendmail":
      // The mail server of the node takes it, wherever it may go from there.
      return site.messages.sent(
        node,
        name,
        "the node's own mail server",
        recipients(site, node, entry.values),
      );
    case "smtp":
      if (value("username") !== "" && secret?.values.password === undefined) {
        throw failed(name, "username is set but no password was provided");
      }
      requireServer(site, name, value("server"));
      return site.messages.sent(node, name, value("server"), recipients(site, node, entry.values));
    case "gotify":
      requireServer(site, name, hostOf(value("server")));
      return site.messages.sent(node, name, value("server"), []);
    case "webhook":
      requireServer(site, name, hostOf(value("url")));
      return site.messages.sent(node, name, hostOf(value("url")), []);
    default: {
      const never: never = entry.type;
      return never;
    }
  }
}

const failed = (name: string, why: string): PveError =>
  new PveError(500, `Could not test target: could not notify via endpoint(s): ${name}: ${why}`);

function requireServer(site: Site, name: string, server: string): void {
  if (/(^|\.)invalid$/.test(server)) {
    throw failed(
      name,
      "Connection error: failed to lookup address information: Name or service not known",
    );
  }
  const own = Object.values(site.state.hosts).find(
    (host) => host.address === server || host.name === server,
  );
  if (own) throw failed(name, "Connection error: Connection refused (os error 111)");
}

/** The host in a URL, which may have templates in it. */
function hostOf(url: string): string {
  return /^https?:\/\/(?:[^/@]*@)?([^/:?]+)/.exec(url)?.[1] ?? url;
}

/** Addresses, those of users as they have given them. */
function recipients(site: Site, node: string, values: Record<string, string | string[]>): string[] {
  const { users } = site.pmxcfs(node);
  const ofUsers = [values["mailto-user"] ?? []].flat().map((user) => users[user]?.email ?? "");
  return [...[values.mailto ?? []].flat(), ...ofUsers].filter((address) => address !== "");
}
