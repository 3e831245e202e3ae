import { type Lab, newLab } from "../support/lab";

let lab: Lab;
beforeEach(async () => {
  lab = await newLab();
});

const ask = (method: string, name: string, params = {}) =>
  lab.api("pve01", method, `/cluster/metrics/server/${name}`, params);
const graphite = { type: "graphite", server: "10.0.0.1", port: 2003 };

describe("a metrics server", () => {
  it("comes back as it was made, numbers bare, without its name and its token", async () => {
    const influx = { type: "influxdb", server: "10.0.0.2", port: 8089, mtu: 1000, disable: 1 };
    await ask("POST", "ii", { ...influx, token: "secret" });
    expect((await ask("GET", "ii")).data).toEqual(influx);
  });

  it("is listed with the rest by name", async () => {
    await ask("POST", "bb", graphite);
    await ask("POST", "aa", { ...graphite, disable: 1 });
    expect(await lab.data("pve01", "GET", "/cluster/metrics/server")).toEqual([
      { id: "aa", ...graphite, disable: 1 },
      { id: "bb", ...graphite, disable: 0 },
    ]);
  });

  it("is changed in parts", async () => {
    await ask("POST", "gg", { ...graphite, path: "x" });
    await ask("PUT", "gg", { server: "h.example", port: 1, timeout: 2, delete: "path" });
    expect((await ask("GET", "gg")).data).toEqual({
      type: "graphite",
      server: "h.example",
      port: 1,
      timeout: 2,
    });
    await ask("DELETE", "gg");
    expect(await ask("GET", "gg")).toMatchObject({
      status: 500,
      reason: "status server entry 'gg' does not exist",
    });
  });

  const place = { server: "10.0.0.1", port: 1 };
  it.each([
    ["POST", "gg", graphite, "Metric server 'gg' already exists"],
    ["POST", "nn", { ...graphite, bucket: "b" }, "unexpected property 'bucket'"],
    ["PUT", "xx", place, "no such server 'xx'"],
    ["PUT", "gg", { ...place, delete: "bucket" }, "no such option 'bucket'"],
    [
      "PUT",
      "gg",
      { ...place, delete: "server" },
      "cannot set and delete property 'server' at the same time!",
    ],
    ["DELETE", "xx", {}, "cannot lookup undefined type!"],
  ])("refuses %s %s %j", async (method, name, params, reason) => {
    await ask("POST", "gg", graphite);
    expect(await ask(method, name, params)).toMatchObject({ status: 500, reason });
  });

  it("is not changed over what somebody else has changed", async () => {
    await ask("POST", "gg", graphite);
    expect((await ask("PUT", "gg", { ...place, digest: "abc" })).reason).toBe(
      "detected modified configuration - file changed by other user? Try again.",
    );
  });
});
