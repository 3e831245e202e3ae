import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROVIDER_TYPES } from "../../../components/reference/providerTypes";
import { siteSchema } from "../../../components/schema";
import { ROOT } from "../support/site";

const SDK = join(ROOT, "node_modules/@muhlba91/pulumi-proxmoxve");

/** `storage/nfs:Nfs` of every resource that the SDK has. */
function sdkTypes(): string[] {
  const files = readdirSync(SDK, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".js") && !file.includes("node_modules"),
  );
  return files.flatMap((file) => {
    const text = readFileSync(join(SDK, file), "utf8");
    const [, type] = /__pulumiType = 'proxmoxve:(\S+)'/.exec(text) ?? [];
    return type === undefined ? [] : [type];
  });
}

/** The same resource under the name that it had before. */
const isOlderName = (type: string, all: string[]): boolean => {
  const [module = "", name = ""] = type.split(":");
  const newer = `${module.replace(/Legacy$/, "")}:${name.replace(/Legacy$/, "")}`;
  return newer !== type && all.includes(newer);
};

/** The type behind `import { Nfs } from "@muhlba91/pulumi-proxmoxve/storage/nfs"`. */
function importedTypes(): string[] {
  const files = readdirSync(join(ROOT, "components"), { recursive: true, encoding: "utf8" });
  const found = files
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [
      ...readFileSync(join(ROOT, "components", file), "utf8").matchAll(
        /import \{([^}]*)\} from "@muhlba91\/pulumi-proxmoxve\/([^"]+)"/g,
      ),
    ])
    .flatMap(([, names = "", path = ""]) =>
      names
        .split(",")
        .map((name) => name.trim().split(" as ")[0] ?? "")
        .filter((name) => name !== "" && !name.startsWith("type "))
        .map((name) => `${path.includes("/") ? path : `index/${path}`}:${name}`),
    );
  return [...new Set(found)].filter((type) => type !== "index/provider:Provider");
}

const all = sdkTypes();
const imported = importedTypes();
const used = Object.entries(PROVIDER_TYPES).flatMap(([type, use]) => ("in" in use ? [type] : []));

// components/reference/providerTypes.ts is the table; npm run reference writes the page from it.
describe("the table of the provider's types", () => {
  it("has every type of the SDK, and no other", () => {
    expect(all.length).toBeGreaterThan(100);
    const wanted = all.filter((type) => !isOlderName(type, all) || imported.includes(type));
    expect(Object.keys(PROVIDER_TYPES).sort()).toEqual(
      [...new Set([...wanted, ...imported])].sort(),
    );
  });

  it("says of those that components import where in the site file they are, and of no other", () => {
    expect(used.sort()).toEqual([...imported].sort());
  });

  it("names places that the site file has", () => {
    const sections = Object.keys(siteSchema.shape);
    const places = Object.values(PROVIDER_TYPES).flatMap((use) =>
      "in" in use ? use.in.split(", ") : [],
    );
    expect(places.filter((place) => !sections.includes(place.split(/[. ]/)[0] ?? ""))).toEqual([]);
  });

  it("gives a reason in a whole sentence for each of the others", () => {
    const reasons = Object.values(PROVIDER_TYPES).flatMap((use) => ("not" in use ? [use.not] : []));
    expect(reasons.filter((reason) => !/^[A-Z`].{30,}[.)]$/.test(reason))).toEqual([]);
  });
});
