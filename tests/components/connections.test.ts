import { RunError } from "@pulumi/pulumi";
import { CONNECTIONS_VARIABLE, readConnections, sshConnection } from "../../components/connections";
import { PRIVATE_KEY, useConnections } from "./support/connections";

const connections = useConnections();

describe("the connections", () => {
  it("are what the launcher passes", () => {
    const environment = { [CONNECTIONS_VARIABLE]: JSON.stringify(connections) };
    expect(readConnections(environment)).toEqual(connections);
  });

  it.each([undefined, ""])("that are missing (%j) give one sentence with the remedy", (value) => {
    const read = () =>
      readConnections(value === undefined ? {} : { [CONNECTIONS_VARIABLE]: value });
    expect(read).toThrow(RunError);
    expect(read).toThrow(
      /^Run this through the project's own pulumi; in this shell, first: eval "\$\(make -s env\)"$/,
    );
  });

  it.each(["host", "port", "user", "hostKey"])("are refused without a %s", (key) => {
    const { [key]: _, ...rest } = connections.nas as unknown as Record<string, unknown>;
    const environment = { [CONNECTIONS_VARIABLE]: JSON.stringify({ nas: rest }) };
    expect(() => readConnections(environment)).toThrow(key);
  });
});

describe("a step's connection", () => {
  const resolve = async (output: unknown) => {
    const { promise, isSecret } = output as {
      promise(): Promise<unknown>;
      isSecret: Promise<boolean>;
    };
    return { value: await promise(), secret: await isSecret };
  };

  it("pins the host's key, holds the private key, and is a secret as a whole", async () => {
    expect(await resolve(sshConnection(connections, "pve01"))).toEqual({
      secret: true,
      value: {
        host: "192.168.18.251",
        port: 22,
        user: "root",
        hostKey: "ssh-ed25519 KEY251",
        privateKey: PRIVATE_KEY,
        dialErrorLimit: 5,
        perDialTimeout: 15,
      },
    });
  });

  it("waits a quarter of an hour for a host that boots and refuses at once", async () => {
    const { value } = await resolve(sshConnection(connections, "pve01", true));
    const { dialErrorLimit, perDialTimeout } = value as Record<string, number>;
    // As both plugins wait between attempts: see toolchain/command/connection.ts.
    const delays = Array.from({ length: dialErrorLimit ?? 0 }, (_, n) =>
      Math.min(0.1 * 1.5 ** n, 5),
    );
    const all = delays.reduce((sum, delay) => sum + delay, 0);
    expect(all).toBeGreaterThanOrEqual(900);
    expect(all).toBeLessThan(930);
    expect(perDialTimeout).toBe(10);
  });

  it("has no private key where the SSH agent is asked", async () => {
    const agent = { host: "192.168.18.200", port: 22, user: "root", hostKey: "ssh-ed25519 K" };
    const { value } = await resolve(sshConnection({ nas: agent }, "nas"));
    expect(value).not.toHaveProperty("privateKey");
  });

  it("whose key is not there stops the run and names the setting", () => {
    const lost = { nas: { ...connections.nas, keyFile: "/nowhere/id" } } as typeof connections;
    expect(() => sshConnection(lost, "nas")).toThrow(RunError);
    expect(() => sshConnection(lost, "nas")).toThrow(
      "The SSH key cannot be read (ENOENT: no such file or directory, open '/nowhere/id'). " +
        "Correct proxmox-ha:ssh.keyFile.",
    );
  });

  it("to a host that is unknown stops the run", () => {
    expect(() => sshConnection(connections, "nas2")).toThrow(RunError);
    expect(() => sshConnection(connections, "nas2")).toThrow(
      'No connection to host "nas2" is known.',
    );
  });
});
