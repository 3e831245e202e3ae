import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emptySite, makePlace, removePlace } from "../../../ops/review/place";
import { deadPid } from "../support/processes";

const root = mkdtempSync(join(tmpdir(), "proxmox-ha-place-"));
afterAll(() => rmSync(root, { recursive: true }));

describe("the place of a review", () => {
  it("is outside of the clone, and goes as a whole", () => {
    const place = makePlace("/", root);
    expect(place).toMatchObject({ root: "/", lab: join(place.folder, "lab") });
    emptySite(place);
    expect(existsSync(place.lab) && existsSync(place.state)).toBe(true);
    removePlace(place);
    expect(existsSync(place.folder)).toBe(false);
  });

  it("is made after what killed reviews have left is removed, and nothing else", async () => {
    const left = join(root, `proxmox-ha-review-${await deadPid()}-x`);
    const others = [`proxmox-ha-review-${process.pid}-x`, "proxmox-ha-review-x", "something"];
    for (const name of [left, ...others.map((other) => join(root, other))]) mkdirSync(name);
    removePlace(makePlace(root, root));
    expect(existsSync(left)).toBe(false);
    expect(others.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });
});
