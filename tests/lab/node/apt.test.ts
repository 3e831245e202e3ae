import { parseList, parseSources, printList, printSources } from "../../../lab/node/aptFiles";
import { type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
});

const path = "/nodes/pve01/apt/repositories";
interface Answer {
  files: { path: string; repositories: Record<string, unknown>[] }[];
  digest: string;
  infos: { path: string; message: string }[];
  "standard-repos": { handle: string; status: number | null }[];
}
const get = () => lab.data<Answer>("pve01", "GET", path);
const ask = (method: string, params: Record<string, string | number>) =>
  lab.api("pve01", method, path, params);
const status = async () =>
  Object.fromEntries((await get())["standard-repos"].map((entry) => [entry.handle, entry.status]));
const FOLDER = "/etc/apt/sources.list.d";

describe("the package sources of a node", () => {
  it("are Debian's and the subscribers' after the installation", async () => {
    const { files, infos } = await get();
    expect(files.map((file) => file.path)).toEqual([
      `${FOLDER}/ceph.sources`,
      `${FOLDER}/debian.sources`,
      `${FOLDER}/pve-enterprise.sources`,
    ]);
    expect(files[2]?.repositories).toEqual([
      {
        Types: ["deb"],
        URIs: ["https://enterprise.proxmox.com/debian/pve"],
        Suites: ["trixie"],
        Components: ["pve-enterprise"],
        Options: [
          { Key: "Signed-By", Values: ["/usr/share/keyrings/proxmox-archive-keyring.gpg"] },
        ],
        FileType: "sources",
        Enabled: 1,
      },
    ]);
    expect(infos.map(({ message }) => message)).toEqual(["Proxmox", "Debian", "Debian", "Proxmox"]);
    expect(await status()).toMatchObject({
      enterprise: 1,
      "no-subscription": null,
      "ceph-squid-enterprise": 1,
    });
  });

  it("are switched off and on by their place in a file", async () => {
    const place = { path: `${FOLDER}/pve-enterprise.sources`, index: 0 };
    expect((await ask("POST", { ...place, enabled: 0 })).status).toBe(200);
    expect(await status()).toMatchObject({ enterprise: 0 });
    expect(lab.site.host("pve01").files[place.path]?.content).toMatch(/^Enabled: false$/m);
    await ask("POST", { ...place, enabled: 1 });
    expect(await status()).toMatchObject({ enterprise: 1 });
  });

  it("are added by name, and once", async () => {
    for (let time = 0; time < 2; time++) await ask("PUT", { handle: "no-subscription" });
    expect(await status()).toMatchObject({ "no-subscription": 1 });
    const added = (await get()).files.find((file) => file.path === `${FOLDER}/proxmox.sources`);
    expect(added?.repositories).toHaveLength(1);
  });

  it("are switched on by name where they stand", async () => {
    await ask("POST", { path: `${FOLDER}/pve-enterprise.sources`, index: 0, enabled: 0 });
    await ask("PUT", { handle: "enterprise" });
    expect(await status()).toMatchObject({ enterprise: 1 });
  });

  it.each([
    ["PUT", { handle: "nonsense" }, "unknown repository handle 'nonsense'"],
    ["POST", { path: "/etc/passwd", index: 0 }, "invalid path"],
    ["POST", { path: `${FOLDER}/ceph.sources`, index: 9 }, "invalid index"],
    [
      "PUT",
      { handle: "test", digest: "abc" },
      "detected modified configuration - files changed by other user? Try again.",
    ],
  ])("refuse %s %j", async (method, params, reason) => {
    expect(await ask(method, params)).toMatchObject({ status: 500, reason });
  });

  it("are changed by who has read them last", async () => {
    const { digest } = await get();
    expect((await ask("PUT", { handle: "test", digest })).status).toBe(200);
    expect((await get()).digest).not.toBe(digest);
  });

  it("are those of the other node, asked from here", async () => {
    await lab.cluster();
    await lab.data("pve01", "PUT", "/nodes/pve02/apt/repositories", { handle: "test" });
    expect(await status()).toMatchObject({ test: null });
  });
});

describe("a file of sources", () => {
  it("is written as it was read", () => {
    const text =
      "#ours\nEnabled: false\nTypes: deb deb-src\nURIs: http://a.example\nSuites: s\nComponents: c d\nArchitectures: amd64\n\nTypes: deb\nURIs: http://b.example\nSuites: ./\n";
    const parsed = parseSources(text);
    expect(parsed[0]).toMatchObject({ Enabled: 0, Comment: "ours", Types: ["deb", "deb-src"] });
    expect(parsed[1]).not.toHaveProperty("Components");
    expect(printSources(parsed)).toBe(text);
  });

  it("may continue a line", () => {
    const [parsed] = parseSources("Types: deb\nURIs: http://a.example\nSuites: s\n t\n");
    expect(parsed?.Suites).toEqual(["s", "t"]);
  });

  it("in the old format is a repository a line", () => {
    const text =
      "# deb http://a.example s c #why\ndeb [signed-by=/k arch=amd64] http://b.example t\n";
    const parsed = parseList(text);
    expect(parsed).toMatchObject([
      { Enabled: 0, Comment: "why", Components: ["c"] },
      { Enabled: 1, Options: [{ Key: "signed-by", Values: ["/k"] }, { Key: "arch" }] },
    ]);
    expect(printList(parsed)).toBe(text);
  });
});
