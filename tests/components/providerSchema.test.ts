import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import versions from "../../toolchain/versions.json";
import { useConnections } from "./support/connections";
import { plain, type Registered } from "./support/pulumi";
import { built, EVERYTHING } from "./support/reference";
import { get, inProxmox, title } from "./support/resources";
import { ROOT } from "./support/site";

/** Holds what the components set against what the built plugin says it takes. */

interface Property {
  type?: string;
  $ref?: string;
  items?: Property;
  additionalProperties?: Property;
  willReplaceOnChanges?: boolean;
}

interface Schema {
  provider: { inputProperties: Record<string, Property> };
  resources: Record<
    string,
    { inputProperties: Record<string, Property>; requiredInputs?: string[] }
  >;
  types: Record<string, { properties?: Record<string, Property>; required?: string[] }>;
}

function readSchema(): Schema {
  const stamp = join(ROOT, ".stamps/toolchain.json");
  if (!existsSync(stamp)) throw new Error("The plugin's schema is not built. Run: make toolchain");
  const { home } = JSON.parse(readFileSync(stamp, "utf8")) as { home?: string };
  const plugin = `resource-proxmoxve-v${versions.proxmoxve}`;
  const path = join(home ?? "", "plugins", plugin, "schema.json");
  if (!existsSync(path)) {
    throw new Error(`The plugin's schema is not in ${path}. Run: make toolchain`);
  }
  return JSON.parse(readFileSync(path, "utf8")) as Schema;
}

const connections = useConnections();
let schema: Schema;
let resources: Registered[];
beforeAll(async () => {
  schema = readSchema();
  resources = await built(connections, EVERYTHING);
});

/** A value that a component sets, what the schema says of it, and which keys around it must be there too. */
interface Use {
  path: string;
  value: unknown;
  property: Property | undefined;
}

/** Everything that is set in a resource's inputs, with the schema's entry for it. */
function usesIn(values: unknown, properties: Record<string, Property>, path = ""): Use[] {
  return Object.entries(values as Record<string, unknown>).flatMap(([key, value]) =>
    usesOf(value, properties[key], path === "" ? key : `${path}.${key}`),
  );
}

function usesOf(value: unknown, property: Property | undefined, path: string): Use[] {
  const own = { path, value, property };
  if (Array.isArray(value)) {
    const items = value.flatMap((item, at) => usesOf(item, property?.items, `${path}[${at}]`));
    return [own, ...items];
  }
  if (typeof value !== "object" || value === null) return [own];
  const entries = Object.entries(value);
  if (property?.additionalProperties) {
    const { additionalProperties } = property;
    return [
      own,
      ...entries.flatMap(([key, inner]) => usesOf(inner, additionalProperties, `${path}.${key}`)),
    ];
  }
  return [own, ...usesIn(value, referred(property)?.properties ?? {}, path)];
}

function referred(property: Property | undefined) {
  return schema.types[property?.$ref?.replace("#/types/", "") ?? ""];
}

const uses = (resource: Registered): Use[] =>
  usesIn(plain(resource.inputs), schema.resources[resource.type]?.inputProperties ?? {});

function fits(value: unknown, property: Property): boolean {
  if (property.$ref) return typeof value === "object" && !Array.isArray(value);
  switch (property.type) {
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number";
    default:
      return typeof value === property.type;
  }
}

describe("the plugin", () => {
  it("knows every type of resource that the components make", () => {
    const types = [...new Set(inProxmox(resources).map(({ type }) => type))];
    expect(types.sort()).toEqual([
      "proxmoxve:backup/job:Job",
      "proxmoxve:cluster/firewall/security/groupLegacy:GroupLegacy",
      "proxmoxve:cluster/firewallLegacy:FirewallLegacy",
      "proxmoxve:cluster/options:Options",
      "proxmoxve:download/file:File",
      "proxmoxve:firewall/aliasLegacy:AliasLegacy",
      "proxmoxve:firewall/rulesLegacy:RulesLegacy",
      "proxmoxve:index/containerLegacy:ContainerLegacy",
      "proxmoxve:index/dnsLegacy:DnsLegacy",
      "proxmoxve:index/haresource:Haresource",
      "proxmoxve:index/harule:Harule",
      "proxmoxve:index/poolLegacy:PoolLegacy",
      "proxmoxve:index/timeLegacy:TimeLegacy",
      "proxmoxve:index/vmLegacy:VmLegacy",
      "proxmoxve:metrics/server:Server",
      "proxmoxve:node/config:Config",
      "proxmoxve:node/firewall:Firewall",
      "proxmoxve:pool/membership:Membership",
      "proxmoxve:storage/cifs:Cifs",
      "proxmoxve:storage/directory:Directory",
      "proxmoxve:storage/lvmthin:Lvmthin",
      "proxmoxve:storage/nfs:Nfs",
      "proxmoxve:storage/pbs:Pbs",
      "proxmoxve:storage/zfspool:Zfspool",
    ]);
    expect(types.filter((type) => !(type in schema.resources))).toEqual([]);
  });

  it("knows every input that the components set, and takes its type", () => {
    const all = inProxmox(resources).flatMap((resource) =>
      uses(resource).map((use) => ({ ...use, path: `${title(resource)}: ${use.path}` })),
    );
    expect(all.length).toBeGreaterThan(150);
    const unknown = all.filter(({ property }) => property === undefined);
    expect(unknown.map(({ path }) => path)).toEqual([]);
    const misfits = all.filter(({ value, property }) => property && !fits(value, property));
    expect(misfits.map(({ path }) => path)).toEqual([]);
  });

  it("gets every input that it demands", () => {
    const lacking = inProxmox(resources).flatMap((resource) => {
      const set = plain(resource.inputs) as Record<string, unknown>;
      const demanded = schema.resources[resource.type]?.requiredInputs ?? [];
      const inner = uses(resource).flatMap(({ path, value, property }) =>
        (referred(property)?.required ?? [])
          .filter((key) => !(key in (value as object)))
          .map((key) => `${path}.${key}`),
      );
      return [...demanded.filter((key) => !(key in set)), ...inner].map(
        (key) => `${title(resource)}: ${key}`,
      );
    });
    expect(lacking).toEqual([]);
  });

  it("takes its token as the only thing that the stack tells it", () => {
    const { inputs } = get(resources, "proxmoxve pve");
    expect(Object.keys(inputs).filter((key) => !(key in schema.provider.inputProperties))).toEqual(
      [],
    );
  });
});

describe("an input for whose change the plugin makes another guest", () => {
  const isWhole = ({ property }: Use): boolean => property?.$ref !== undefined;
  const replacing = (resource: Registered): string[] =>
    uses(resource)
      // Of a mapping as a whole that is said for its coming and going; what is in it says it for itself.
      .filter((use) => use.property?.willReplaceOnChanges && !isWhole(use))
      .map(({ path }) => path);

  it("is one of these", () => {
    expect(replacing(get(resources, "VmLegacy win2016"))).toEqual([]);
    expect(replacing(get(resources, "ContainerLegacy web")).sort()).toEqual([
      "disk.datastoreId",
      "initialization.userAccount.keys",
      "initialization.userAccount.password",
      "mountPoints",
      "mountPoints[0].size",
      "mountPoints[0].volume",
      "mountPoints[1].size",
      "mountPoints[1].volume",
      "nodeName",
      "operatingSystem.templateFileId",
      "unprivileged",
    ]);
  });

  it("is ignored, so that the guest stays, unless the site file allows its replacement", () => {
    for (const wanted of ["VmLegacy win2016", "VmLegacy ubuntu", "ContainerLegacy web"]) {
      const resource = get(resources, wanted);
      const covered = (path: string): boolean =>
        resource.ignoreChanges.some(
          (entry) => path.startsWith(entry) && /^($|[.[])/.test(path.slice(entry.length)),
        );
      expect(replacing(resource).filter((path) => !covered(path))).toEqual([]);
      // The schema does not say it of the VMID, but a guest cannot take another.
      expect(covered("vmId")).toBe(true);
    }
  });

  it("stands in a mapping that is always there", () => {
    const wholes = (changed: Registered[]): string[] =>
      uses(get(changed, "ContainerLegacy web"))
        .filter((use) => use.property?.willReplaceOnChanges && isWhole(use))
        .map(({ path }) => path);
    // Accounts come and go with keys and password, and are ignored.
    expect(wholes(resources)).toEqual(["initialization.userAccount", "operatingSystem"]);
  });
});

describe("what the components ignore", () => {
  it("is an input of the plugin", () => {
    const unknown = inProxmox(resources).flatMap((resource) =>
      resource.ignoreChanges.filter((path) => !isInput(resource.type, path)),
    );
    expect(unknown).toEqual([]);
  });

  function isInput(type: string, path: string): boolean {
    let properties = schema.resources[type]?.inputProperties;
    for (const key of path.replace(/\[\d+\]/g, "").split(".")) {
      const property = properties?.[key];
      if (!property) return false;
      properties = referred(property.items ?? property)?.properties;
    }
    return true;
  }
});
