import { readFileSync } from "node:fs";
import type { Area } from "../../../lab/coverage/area";
import { areaOf, renderCoverage } from "../../../lab/coverage/render";
import { coverage, PAGE } from "./coverage";

const area = (title: string, ...paths: string[]): Area => ({
  title,
  paths,
  imitated: [],
  simplified: [],
});

describe("lab/COVERAGE.md", () => {
  it("is current; if not: npm run coverage", () => {
    expect(readFileSync(PAGE, "utf8")).toBe(renderCoverage(coverage()));
  });

  it("says of every scenario what it shows and where that is documented", () => {
    const { scenarios } = coverage();
    expect(scenarios.length).toBeGreaterThanOrEqual(30);
    for (const { name, text } of scenarios) {
      const [what = "", source = ""] = text.trim().split(/\n\n+/);
      expect({ name, what, source }).toEqual({
        name,
        what: expect.stringMatching(/\S{3}/),
        source: expect.stringMatching(/\S{3}/),
      });
    }
  });

  it("gives no area paths that no endpoint has", () => {
    const { areas, endpoints } = coverage();
    const taken = new Set(endpoints.map(({ path }) => areaOf(areas, path)?.title));
    const claimed = areas.filter(({ paths }) => paths.length > 0);
    expect(claimed.filter(({ title }) => !taken.has(title))).toEqual([]);
  });
});

describe("an endpoint's area", () => {
  const areas = [area("nodes", "/nodes"), area("guests", "/nodes/{}/qemu")];

  it.each([
    ["/nodes/{node}/status", "nodes"],
    ["/nodes/{node}/qemu/{vmid}/config", "guests"],
    ["/nodes/{node}/qemux", "nodes"],
  ])("of %s is the one with the longest beginning: %s", (path, title) => {
    expect(areaOf(areas, path)?.title).toBe(title);
  });

  it("must be there", () => {
    const endpoints = [{ method: "GET" as const, path: "/storage" }];
    expect(() => renderCoverage({ areas, endpoints, commands: {}, scenarios: [] })).toThrow(
      "no area in lab/coverage takes GET /storage",
    );
  });
});
