import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { remoteScript, type RemoteScriptArgs } from "../../components/remoteScript";
import { shellQuote } from "../../components/scriptText";
import { useConnections } from "./support/connections";
import { isSecret, plain, type Registered, register } from "./support/pulumi";
import { ROOT } from "./support/site";

const connections = useConnections();

async function step(args: Partial<RemoteScriptArgs>): Promise<Registered> {
  const all = { host: "pve01", script: "cluster/found", ...args };
  const [made] = await register(() => remoteScript("step", all, connections, {}));
  if (!made) throw new Error("no command was registered");
  return made;
}

/** Everything but what a POSIX text cannot hold. */
const anyText = fc.string({ unit: "binary" }).filter((text) => !text.includes("\0"));
const hostileText = fc.string({
  unit: fc.constantFrom("'", '"', "\\", "$", "`", "!", " ", "\n", "\t", "*", ";", "&", "a", "ä"),
});

describe("shellQuote", () => {
  const wordsSeenByBash = (quoted: string): string[] => {
    const script = `printf '%s\\0' begin ${quoted}`;
    const { stdout, status } = spawnSync("bash", ["-s"], { input: script, encoding: "utf8" });
    expect(status).toBe(0);
    return stdout.split("\0").slice(1, -1);
  };

  it("makes one word of any text, which bash reads as it was", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(hostileText, anyText), { minLength: 5 }), (texts) => {
        // Half a surrogate pair has no bytes of its own.
        const sound = texts.map((text) => Buffer.from(text).toString());
        expect(wordsSeenByBash(sound.map(shellQuote).join(" "))).toEqual(sound);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ["", "''"],
    ["plain", "'plain'"],
    ["it's", "'it'\\''s'"],
    ["$(reboot) `reboot` $HOME", "'$(reboot) `reboot` $HOME'"],
  ])("writes %j as %s", (text, quoted) => {
    expect(shellQuote(text)).toBe(quoted);
  });
});

describe("a step", () => {
  it.each([
    [undefined, 5],
    [true, 190],
  ])("waits for a host that boots where it says so: %j", async (patient, dialErrorLimit) => {
    const { inputs } = await step(patient === undefined ? {} : { patient });
    expect(plain(inputs.connection)).toMatchObject({ dialErrorLimit });
  });

  it("is one short line that takes the host's lock and reads its script from standard input", async () => {
    const { inputs } = await step({ removes: true });
    const receive = `bash -c 's=$(cat); [[ $s == *"#end" ]] || exit 74; eval "$s"' -`;
    const line = `flock -w 900 -E 75 /run/lock/proxmox-ha.lock ${receive} cluster-found`;
    expect(inputs.create).toBe(`${line} apply`);
    expect(inputs.delete).toBe(`${line} remove`);
    expect(inputs).not.toHaveProperty("update");
  });

  it("undoes nothing unless it says so", async () => {
    expect((await step({})).inputs).not.toHaveProperty("delete");
  });

  it("has its words quoted on the command line", async () => {
    const { inputs } = await step({ words: ["a b", "it's", ""] });
    expect(inputs.create).toMatch(/ cluster-found apply 'a b' 'it'\\''s' ''$/);
  });

  it("has its variables, the common part and its own script on standard input, in that order", async () => {
    const { inputs } = await step({ variables: { CLUSTER: "mizar", ADDRESS: "it's" } });
    const read = (path: string) => readFileSync(join(ROOT, "components", path), "utf8");
    expect(inputs.stdin).toBe(
      "CLUSTER='mizar'\nADDRESS='it'\\''s'\nHOST='pve01'\n" +
        `${read("common.sh")}\n${read("cluster/scripts/found.sh")}\n#end\n`,
    );
  });

  it("finds its variables set to any text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostileText, { minLength: 1, maxLength: 4 }), async (texts) => {
        const variables = Object.fromEntries(texts.map((text, at) => [`V${at}`, text]));
        const { inputs } = await step({ variables });
        const head = String(inputs.stdin).split("\n#!/usr/bin/env bash")[0];
        const names = [...texts.keys()].map((at) => `"$V${at}"`).join(" ");
        const script = `${head}\nprintf '%s\\0' ${names} "$HOST"`;
        const { stdout } = spawnSync("bash", ["-s"], { input: script, encoding: "utf8" });
        expect(stdout.split("\0").slice(0, -1)).toEqual([...texts, "pve01"]);
      }),
      { numRuns: 20 },
    );
  });

  it("never has its script or its variables on the command line", async () => {
    const { inputs } = await step({
      variables: { CLUSTER: "mizar" },
      words: ["word"],
      removes: true,
    });
    for (const line of [inputs.create, inputs.delete].map(String)) {
      expect(line).not.toContain("mizar");
      expect(line).not.toContain("\n");
      expect(line.length).toBeLessThan(160);
    }
  });

  it("hides what it is told in secret, and only then", async () => {
    const hidden = await step({ variables: { PASSWORD: pulumi.secret("hush") } });
    const open = await step({ variables: { PASSWORD: "hush" } });
    expect(isSecret(hidden.inputs.stdin)).toBe(true);
    expect(plain(hidden.inputs.stdin)).toBe(open.inputs.stdin);
    expect(isSecret(open.inputs.stdin)).toBe(false);
  });

  it("is not told what an earlier run has printed", async () => {
    expect((await step({})).inputs.addPreviousOutputInEnv).toBe(false);
  });

  it("logs what it reports, but not what it answers", async () => {
    const { inputs, secretOutputs } = await step({});
    expect(inputs.logging).toBe("stderr");
    expect(secretOutputs).not.toContain("stdout");
  });

  it("logs nothing and encrypts its answer where that is a secret", async () => {
    const { inputs, secretOutputs } = await step({ secretOutput: true });
    expect(inputs.logging).toBe("none");
    expect(secretOutputs).toContain("stdout");
  });

  it("runs on the host that it names, over a connection that is a secret", async () => {
    const { inputs } = await step({ host: "nas" });
    expect(isSecret(inputs.connection)).toBe(true);
    expect(plain(inputs.connection)).toMatchObject({ host: "192.168.18.200" });
  });

  it("for which there is no script is a mistake that shows at once", () => {
    const args = { host: "pve01", script: "cluster/nothing" };
    expect(() => remoteScript("step", args, connections, {})).toThrow("ENOENT");
  });
});

describe("the scripts", () => {
  const domains = readdirSync(join(ROOT, "components"), { withFileTypes: true });
  const scripts = domains
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const files = readdirSync(join(ROOT, "components", name)).includes("scripts")
        ? readdirSync(join(ROOT, "components", name, "scripts"))
        : [];
      return files
        .filter((file) => file.endsWith(".sh"))
        .map((file) => `${name}/${file.replace(/\.sh$/, "")}`);
    });

  it.each(scripts)("%s is used by a component, or by an operator's command", (script) => {
    const sources = ["components", "ops"].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => readFileSync(join(ROOT, folder, file), "utf8")),
    );
    expect(sources.some((source) => source.includes(`"${script}"`))).toBe(true);
  });
});
