import { Hono } from "hono";
import { cableRoutes } from "../../../lab/control/cables";
import { guestRoutes } from "../../../lab/control/guests";
import type { ControlledLab } from "../../../lab/control/lab";
import { addData, newVm } from "../support/guests";
import { type Lab, newLab } from "../support/lab";
import { act, guestOf } from "./support";

let lab: Lab;
let app: Hono;
beforeEach(async () => {
  lab = await newLab();
  await addData(lab);
  await newVm(lab, { scsi0: "Data:1" });
  app = new Hono();
  guestRoutes(app, lab);
  cableRoutes(app, lab as unknown as ControlledLab);
});

async function put(path: string, body: unknown): Promise<[number, unknown]> {
  const response = await app.request(path, { method: "PUT", body: JSON.stringify(body) });
  const text = await response.text();
  return [response.status, response.ok ? JSON.parse(text) : text];
}

describe("the control of guests", () => {
  it("lists them with their ports and what is inside", async () => {
    await act(lab, "start");
    const list: unknown = await (await app.request("/lab/guests")).json();
    expect(list).toEqual([
      {
        vmid: 100,
        node: "pve01",
        port: guestOf(lab, 100).port,
        answers: true,
        traits: expect.objectContaining({ agent: false, boot: 0, memoryUsed: 0.25 }) as object,
      },
    ]);
  });

  it("sets what one of them is like, or all", async () => {
    expect(await put("/lab/guests/100", { agent: true })).toEqual([200, { agent: true }]);
    await put("/lab/guests/all", { boot: 20 });
    await put("/lab/guests/all", { shutdown: 5 });
    expect(guestOf(lab, 100).traits).toEqual({ agent: true });
    expect(lab.state.traits).toEqual({ boot: 20, shutdown: 5 });
  });

  it.each([
    ["/lab/guests/100", { colour: 1 }, 400, /^there is no trait "colour"; there are agent, /],
    ["/lab/guests/100", { boot: -1 }, 400, /^boot cannot be -1$/],
    ["/lab/guests/100", { memoryUsed: 2 }, 400, /^memoryUsed cannot be 2$/],
    ["/lab/guests/100", { agent: 1 }, 400, /^agent cannot be 1$/],
    ["/lab/guests/109", { boot: 1 }, 404, /^there is no guest 109$/],
    ["/lab/guests/100", 1, 400, /^the body is a JSON object$/],
    [
      "/lab/hosts/pve09/link",
      { mbit: 1 },
      404,
      /^there is no host "pve09"; the lab has pve01, pve02, nas$/,
    ],
    ["/lab/hosts/pve01/link", { mbit: 0 }, 400, /^mbit is a speed in Mbit\/s or null, not 0$/],
  ])("refuses %s %j", async (path, body, status, words) => {
    const [code, text] = await put(path, body);
    expect(code).toBe(status);
    expect(text).toMatch(words);
  });

  it("gives a host's card a speed, and takes it away", async () => {
    await put("/lab/hosts/pve01/link", { mbit: 100 });
    await put("/lab/hosts/pve02/link", { mbit: 1000 });
    expect(lab.site.hardware.linkMbit("pve01", "pve02")).toBe(100);
    await put("/lab/hosts/pve01/link", { mbit: null });
    expect(lab.site.hardware.linkMbit("pve01", "pve02")).toBe(1000);
  });
});
