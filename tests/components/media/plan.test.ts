import { mediaVolume, planMedia, volumeOf } from "../../../components/media/plan";
import { planGuests } from "../../../components/guest/plan";
import { planTemplates } from "../../../components/storage/plan";
import { SETTINGS } from "../support/reference";
import { type Changes, site } from "../support/site";

const SHA256 = "a".repeat(64);
const at = { url: "https://example.org/files/it", checksum: `sha256:${SHA256}` };
const CONTENT = { "storages.Data.content": ["images", "rootdir", "iso", "vztmpl", "import"] };
const withMedia = (media: object, changes: Changes = {}) => site({ ...CONTENT, ...changes, media });

describe("a file with an address", () => {
  it("is downloaded once to a shared storage, by the founder", () => {
    const media = { "debian-13.iso": { type: "iso", storage: "Data", ...at } };
    expect(planMedia(withMedia(media))).toEqual([
      {
        key: "Data-debian-13.iso",
        file: "debian-13.iso",
        storage: "Data",
        volume: "Data:iso/debian-13.iso",
        content: "iso",
        node: "pve01",
        shared: true,
        url: at.url,
        algorithm: "sha256",
        checksum: SHA256,
      },
    ]);
  });

  it("is downloaded by every node that has a storage of that name for itself", () => {
    const media = { "debian-13.raw": { type: "cloud-image", storage: "local", ...at } };
    const plans = planMedia(withMedia(media));
    expect(plans.map(({ key, node, volume, shared }) => [key, node, volume, shared])).toEqual([
      ["pve01-local-debian-13.raw", "pve01", "local:import/debian-13.raw", false],
      ["pve02-local-debian-13.raw", "pve02", "local:import/debian-13.raw", false],
    ]);
  });

  it("is unpacked where the file says how", () => {
    const media = { "it.iso": { type: "iso", storage: "Data", ...at, decompress: "zst" } };
    expect(planMedia(withMedia(media))).toMatchObject([{ decompression: "zst" }]);
  });

  it("has checksums of two lengths", () => {
    const checksum = `sha512:${"b".repeat(128)}`;
    const media = { "it.img": { type: "iso", storage: "Data", ...at, checksum } };
    expect(planMedia(withMedia(media))).toMatchObject([
      { algorithm: "sha512", checksum: "b".repeat(128) },
    ]);
  });
});

describe("a template", () => {
  const name = "alpine-3.22-default_20250617_amd64.tar.xz";

  it("without an address comes from Proxmox's index", () => {
    const indexed = withMedia({ [name]: { type: "template", storage: "Data" } });
    expect(planMedia(indexed)).toEqual([]);
    expect(planTemplates(indexed)).toContainEqual({
      key: `Data-${name}`,
      storage: "Data",
      file: name,
    });
  });

  it("from the index is on every node where each has the storage for itself", () => {
    const indexed = withMedia({ [name]: { type: "template", storage: "local" } });
    expect(planTemplates(indexed)).toEqual(
      expect.arrayContaining([
        { key: `pve01-local-${name}`, storage: "local", file: name, node: "pve01" },
        { key: `pve02-local-${name}`, storage: "local", file: name, node: "pve02" },
      ]),
    );
  });

  it("with an address is not looked for in the index, and the container waits for it", () => {
    const own = withMedia(
      { [name]: { type: "template", storage: "Data", ...at } },
      { "guests.web.template": name },
    );
    expect(planTemplates(own)).toEqual([]);
    const web = planGuests(own, SETTINGS).find(({ key }) => key === "web");
    expect(web?.files).toEqual(planMedia(own).map(({ volume }) => volume));
  });

  it("with an address on another storage does not keep a container from the index", () => {
    const own = withMedia(
      { [name]: { type: "template", storage: "local", ...at } },
      { "guests.web.template": name },
    );
    expect(planTemplates(own)).toMatchObject([{ key: `Data-${name}` }]);
  });
});

describe("the volume of a file", () => {
  const media = {
    "it.iso": { type: "iso", storage: "Data", ...at },
    "it.qcow2": { type: "cloud-image", storage: "Data", ...at },
  };

  it("is found by its name", () => {
    const whole = withMedia(media);
    expect(mediaVolume(whole, "it.qcow2")).toBe("Data:import/it.qcow2");
    expect(mediaVolume(whole, "toString")).toBeUndefined();
    expect(volumeOf(whole, "it.iso")).toBe("Data:iso/it.iso");
    expect(volumeOf(whole, "Data:iso/other.iso")).toBe("Data:iso/other.iso");
  });

  it("stands in the plan of a VM that names it", () => {
    const whole = withMedia(media, { "guests.win2016.iso": "it.iso" });
    expect(planGuests(whole, SETTINGS).find(({ key }) => key === "win2016")).toMatchObject({
      iso: "Data:iso/it.iso",
      files: ["Data:iso/it.iso"],
      storages: ["Data"],
    });
  });
});
