import type { Endpoint } from "../../../lab/api/endpoint";
import { ENDPOINTS } from "../../../lab/api/endpoints";
import { Router } from "../../../lab/api/router";

const endpoint = (method: Endpoint["method"], path: string): Endpoint => ({
  method,
  path,
  parameters: {},
  handle: () => null,
});

const router = new Router([
  endpoint("GET", "/nodes/{node}/qemu"),
  endpoint("POST", "/nodes/{node}/qemu"),
  endpoint("GET", "/nodes/{node}/qemu/{vmid}"),
  endpoint("GET", "/nodes/{node}/storage/{storage}/content"),
  endpoint("GET", "/nodes/{node}/storage/{storage}/content/{volume}"),
  endpoint("GET", "/cluster/backup/{id}"),
  endpoint("GET", "/cluster/backup/info"),
]);

const found = (method: string, path: string) => router.find(method, path)?.endpoint.path;
const parameters = (path: string) => router.find("GET", path)?.pathParams;

describe("the router", () => {
  it("tells methods of one path apart", () => {
    expect(router.find("POST", "/nodes/pve01/qemu")?.endpoint.method).toBe("POST");
    expect(router.find("PUT", "/nodes/pve01/qemu")).toBeUndefined();
  });

  it("hands out the parameters of a path", () => {
    expect(parameters("/nodes/pve01/qemu/100")).toEqual({ node: "pve01", vmid: "100" });
  });

  it("prefers a literal part to a parameter", () => {
    expect(found("GET", "/cluster/backup/info")).toBe("/cluster/backup/info");
    expect(found("GET", "/cluster/backup/daily")).toBe("/cluster/backup/{id}");
  });

  it.each(["/nodes/pve01/qemu/", "/nodes/pve01/qemu/100/", "//nodes//pve01/qemu"])(
    "ignores empty parts, as in %s",
    (path) => {
      expect(router.find("GET", path)).toBeDefined();
    },
  );

  it.each(["/", "/nodes", "/nodes/pve01/qemu/100/config", "/nodes/pve01/Qemu", "/unknown"])(
    "finds nothing for %s",
    (path) => {
      expect(router.find("GET", path)).toBeUndefined();
    },
  );

  it.each(["local:iso%2Fx.iso", "local:iso/x.iso", "local%3Aiso%2fx.iso"])(
    "takes the volume %s with its slash",
    (volume) => {
      expect(parameters(`/nodes/pve01/storage/local/content/${volume}`)).toEqual({
        node: "pve01",
        storage: "local",
        volume: "local:iso/x.iso",
      });
    },
  );

  it("decodes a path once", () => {
    expect(parameters("/nodes/pve01/storage/local/content/local:iso%252Fx.iso")?.volume).toBe(
      "local:iso%2Fx.iso",
    );
    expect(parameters("/cluster/backup/a%2520b")?.id).toBe("a%20b");
  });

  it("leaves alone what is no percent-encoding", () => {
    expect(parameters("/cluster/backup/100%")?.id).toBe("100%");
  });
});

describe("the endpoints", () => {
  it("are each declared once", () => {
    const names = ENDPOINTS.map(({ method, path }) => `${method} ${path}`);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it("declare the parameters of their path", () => {
    const missing = ENDPOINTS.flatMap(({ method, path, parameters: declared }) =>
      [...path.matchAll(/\{(\w+)\}/g)]
        .map((match) => match[1] ?? "")
        .filter((name) => !Object.hasOwn(declared, name))
        .map((name) => `${method} ${path}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it("go to the node in the path wherever the path has one", () => {
    const local = ENDPOINTS.filter(
      ({ path, proxyto }) => path.startsWith("/nodes/{node}/") && proxyto !== "node",
    );
    // An upload has been received by the node that was asked, which passes it on itself. Each node has a copy of what
    // others were like over time, and of the files of guests' firewalls.
    const copied = /\/(qemu|lxc)\/\{vmid\}\/firewall\/(aliases|ipset|refs|rules)|\/rrddata$/;
    const others = local.filter(({ path }) => !copied.test(path));
    expect(others.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /nodes/{node}/storage/{storage}/upload",
    ]);
  });
});
