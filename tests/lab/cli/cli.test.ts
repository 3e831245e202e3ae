import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import type { LabStatus } from "../../../lab/status";
import { Clone, removeClones, ROOT, ssh } from "./support";

jest.setTimeout(60_000);

interface Answer {
  status: number;
  data: unknown;
}

/** One request to a node, verified with the lab's own CA. */
function api(
  status: LabStatus,
  name: string,
  method: string,
  path: string,
  form = "",
  headers = {},
): Promise<Answer> {
  const url = new URL(`/api2/json${path}`, status.nodes.find((node) => node.name === name)?.api);
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      {
        method,
        ca: readFileSync(status.ca),
        headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
        agent: false,
      },
      (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            data: (JSON.parse(text) as { data: unknown }).data,
          }),
        );
      },
    );
    call.on("error", reject);
    call.end(form);
  });
}

async function login(status: LabStatus, node = "pve01"): Promise<Record<string, string>> {
  const { user, password } = status.credentials;
  const form = new URLSearchParams({ username: user, password }).toString();
  const { data } = await api(status, node, "POST", "/access/ticket", form);
  const { ticket, CSRFPreventionToken } = data as { ticket: string; CSRFPreventionToken: string };
  return {
    cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}`,
    csrfpreventiontoken: CSRFPreventionToken,
  };
}

/** Addresses on which a process listens, from /proc: `0100007F` is 127.0.0.1. */
function listening(pid: number): string[] {
  const inodes = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      const target = spawnSync("readlink", [`/proc/${pid}/fd/${fd}`], { encoding: "utf8" }).stdout;
      return /socket:\[(\d+)\]/.exec(target)?.[1] ?? [];
    } catch {
      return [];
    }
  });
  return ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((cells) => cells[3] === "0A" && inodes.includes(cells[9] ?? ""))
      .map((cells) => cells[1] ?? ""),
  );
}

const clone = new Clone();

afterAll(removeClones);

describe("before the first start", () => {
  it.each([
    [["status", "--json"], "lab: there is no lab here yet; make one: npm run -s lab -- start\n"],
    [["power", "pve02", "off"], "lab: the lab does not run; start it: npm run -s lab -- start\n"],
    [["power", "pve02", "dim"], 'lab: power is "on" or "off", not "dim"\n'],
  ])("%j says what to do", (args, err) => {
    expect(clone.lab(...args)).toEqual({ code: 1, out: "", err });
  });

  it("stop says that nothing runs", () => {
    expect(clone.lab("stop")).toEqual({ code: 0, out: "the lab does not run\n", err: "" });
  });

  it("an unknown command is refused", () => {
    expect(clone.lab("frobnicate").code).not.toBe(0);
  });
});

describe("lab start", () => {
  it("returns when both nodes answer, and says where", async () => {
    const { code, out } = clone.lab("start");
    expect(out).toMatch(
      /^the lab is ready: pve01 https:\/\/127\.0\.0\.1:\d+, pve02 https:\/\/127\.0\.0\.1:\d+\n$/,
    );
    expect(code).toBe(0);
    const status = clone.status();
    for (const node of ["pve01", "pve02"]) {
      const answer = await api(status, node, "GET", "/version", "", await login(status, node));
      expect([node, answer.status]).toEqual([node, 200]);
    }
  });

  it("a second time says that the lab runs, and changes nothing", () => {
    const pid = clone.pid();
    expect(clone.lab("start")).toEqual({ code: 0, out: "the lab runs already\n", err: "" });
    expect(clone.pid()).toBe(pid);
  });
});

describe("a running lab", () => {
  it("tells outside programs what they need", () => {
    const ssh = (port: number) => ({
      host: "127.0.0.1",
      port,
      user: "root",
      key: join(clone.dir, "id_ed25519"),
      knownHosts: join(clone.dir, "known_hosts"),
    });
    const status = clone.status();
    const [first, second] = status.nodes;
    expect(status).toEqual({
      running: true,
      ca: join(clone.dir, "ca.pem"),
      credentials: { user: "root@pam", password: expect.stringMatching(/^.{12,}$/) as string },
      nodes: [
        {
          name: "pve01",
          address: "192.168.18.251",
          api: first?.api,
          power: "on",
          ssh: ssh(first?.ssh.port ?? 0),
        },
        {
          name: "pve02",
          address: "192.168.18.100",
          api: second?.api,
          power: "on",
          ssh: ssh(second?.ssh.port ?? 0),
        },
      ],
      witness: {
        name: "nas",
        address: "192.168.18.200",
        power: "on",
        ssh: ssh(status.witness.ssh.port),
      },
      control: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
      guests: [],
    });
    expect(first?.api).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  });

  it("answers a plain ssh to every host", () => {
    const status = clone.status();
    for (const host of [...status.nodes, status.witness]) {
      expect(ssh(host, "hostname; exit 3")).toEqual({ code: 3, out: `${host.name}\n` });
    }
  });

  it("listens on 127.0.0.1 alone", () => {
    const addresses = listening(clone.pid());
    expect(addresses).toHaveLength(6);
    expect(addresses.filter((address) => !address.startsWith("0100007F:"))).toEqual([]);
  });

  it("keeps its files to its owner", () => {
    expect(statSync(clone.dir).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(clone.dir)) {
      expect([file, (statSync(join(clone.dir, file)).mode & 0o777).toString(8)]).toEqual([
        file,
        "600",
      ]);
    }
  });

  it("switches a host off and on, and refuses one that it has not", () => {
    expect(clone.lab("power", "pve02", "off")).toEqual({ code: 0, out: "pve02 is off\n", err: "" });
    const [, off] = clone.status().nodes;
    expect(off?.power).toBe("off");
    if (off) expect(ssh(off, "true").code).toBe(255);
    expect(clone.lab("status").out).toMatch(/^pve02 +off +ssh port \d+/m);
    expect(clone.lab("power", "pve02", "on").out).toBe("pve02 is on\n");
    expect(clone.lab("power", "pve09", "on")).toEqual({
      code: 1,
      out: "",
      err: 'lab: there is no host "pve09"; the lab has pve01, pve02, nas\n',
    });
  });

  it("has every acknowledged write after kill -9, and the same ports, keys and credentials", async () => {
    const before = clone.status();
    const headers = await login(before);
    const answers: Promise<Answer>[] = [];
    for (let index = 0; index < 20; index++) {
      answers.push(api(before, "pve01", "POST", "/access/users", `userid=u${index}@pve`, headers));
    }
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array(20).fill(200));
    process.kill(clone.pid(), "SIGKILL");
    expect(clone.lab("status", "--json").out).toContain('"running": false');
    expect(clone.lab("start").code).toBe(0);
    expect(clone.status()).toEqual(before);
    const { data } = await api(before, "pve01", "GET", "/access/users", "", await login(before));
    const names = (data as { userid: string }[]).map(({ userid }) => userid);
    expect(names).toEqual(expect.arrayContaining([...Array(20).keys()].map((n) => `u${n}@pve`)));
  });

  it("keeps a host off that was off over a restart", () => {
    clone.lab("power", "pve02", "off");
    expect(clone.lab("stop").out).toBe("the lab is stopped\n");
    clone.lab("start");
    expect(clone.status().nodes.map(({ power }) => power)).toEqual(["on", "off"]);
    clone.lab("power", "pve02", "on");
  });

  it("has another beside it, with ports, keys and credentials of its own", async () => {
    const other = new Clone();
    // Two at once, as two terminals would: one starts it, the other finds it running.
    const starts = [1, 2].map(
      () =>
        new Promise<string>((resolve) => {
          const child = spawn(
            process.execPath,
            ["--require", "tsx/cjs", "lab/cli.ts", "--dir", other.dir, "start"],
            { cwd: ROOT },
          );
          let out = "";
          child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
          child.on("close", () => resolve(out));
        }),
    );
    const said = (await Promise.all(starts)).sort();
    expect(said).toEqual([expect.stringMatching(/^the lab is ready/), "the lab runs already\n"]);
    const [mine, theirs] = [clone.status(), other.status()];
    expect(theirs.credentials.password).not.toBe(mine.credentials.password);
    const ports = [mine, theirs].flatMap((status) =>
      [...status.nodes, status.witness].map((host) => host.ssh.port),
    );
    expect(new Set(ports).size).toBe(6);
    await expect(api({ ...theirs, ca: mine.ca }, "pve01", "GET", "/version")).rejects.toThrow();
    expect(other.lab("stop").code).toBe(0);
    expect(clone.status().running).toBe(true);
  });
});

describe("lab reset", () => {
  it("makes a new lab, and leaves files alone that are not the lab's", () => {
    const before = clone.status();
    const foreign = join(clone.dir, "notes.txt");
    writeFileSync(foreign, "mine");
    expect(clone.lab("reset")).toEqual({
      code: 0,
      out: "the lab is gone; the next start makes a new one\n",
      err: "",
    });
    expect(readdirSync(clone.dir)).toEqual(["notes.txt"]);
    clone.lab("start");
    const after = clone.status();
    expect(after.credentials.password).not.toBe(before.credentials.password);
    expect(readFileSync(foreign, "utf8")).toBe("mine");
  });

  it("leaves nothing where nothing else is", () => {
    rmSync(join(clone.dir, "notes.txt"));
    clone.lab("reset");
    expect(() => statSync(clone.dir)).toThrow(/ENOENT/);
  });
});
