import { createServer, connect, type AddressInfo } from "node:net";
import { Machines } from "./cluster/support/machines";
import { newState } from "./support/lab";

/** A port that nobody uses. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });

let lab: Machines;
beforeEach(async () => {
  const state = await newState();
  for (const host of Object.values(state.hosts)) {
    host.sshPort = await freePort();
    if (host.node) host.node.apiPort = await freePort();
  }
  lab = new Machines(state);
  await lab.hosts.start();
});
afterEach(() => lab.hosts.stop());

/** Whether SSH and the API of a node answer; changes of its ports end first. */
async function ports(name: "pve01" | "pve02"): Promise<boolean[]> {
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { sshPort, node } = lab.site.host(name);
  return [await answers(sshPort), await answers(node?.apiPort ?? 0)];
}

describe("the ports of a node", () => {
  it("answer while it has power", async () => {
    expect(await ports("pve01")).toEqual([true, true]);
    await lab.hosts.power("pve01", false);
    expect(await ports("pve01")).toEqual([false, false]);
    await lab.hosts.power("pve01", true);
    expect(await ports("pve01")).toEqual([true, true]);
  });

  it("answer while its own plug is in", async () => {
    lab.site.hardware.plug("pve02", false);
    expect(await ports("pve02")).toEqual([false, false]);
    expect(await ports("pve01")).toEqual([true, true]);
    lab.site.hardware.plug("pve02", true);
    expect(await ports("pve02")).toEqual([true, true]);
  });

  it("answer whatever is cut between the hosts", async () => {
    lab.site.hardware.partition([["pve01"], ["pve02"], ["nas"]]);
    expect(await ports("pve01")).toEqual([true, true]);
  });
});
