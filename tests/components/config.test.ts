import { RunError } from "@pulumi/pulumi";
import {
  EMERGENCY_VARIABLE,
  readConfig,
  ROTATE_VARIABLE,
  type StackConfig,
} from "../../components/config";
import { parseSite } from "../../components/site";
import { useStack } from "./support/pulumi";
import { type Changes, site, siteWith } from "./support/site";

const SECRETS_VARIABLE = "PULUMI_CONFIG_SECRET_KEYS";

/** Reads a configuration, given as Pulumi gives it: everything is text, and secrets are named apart. */
async function read(
  config: Record<string, string>,
  { stack = "dev", secrets = [] as string[] } = {},
): Promise<StackConfig> {
  await useStack(stack, prefixed(config));
  process.env[SECRETS_VARIABLE] = JSON.stringify(secrets.map((key) => `proxmox-ha:${key}`));
  return readConfig();
}

const prefixed = (config: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [`proxmox-ha:${key}`, value]));

const siteText = (changes: Changes = {}): string => JSON.stringify(siteWith(changes));

/** The text with which a configuration is refused, which Pulumi shows without a stack. */
async function refusal(...args: Parameters<typeof read>): Promise<string> {
  const error = await read(...args).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RunError);
  return (error as RunError).message;
}

const {
  [SECRETS_VARIABLE]: ownSecrets,
  [ROTATE_VARIABLE]: ownRotation,
  [EMERGENCY_VARIABLE]: ownEmergency,
} = process.env;
afterEach(() => {
  jest.useRealTimers();
  for (const [key, value] of [
    [SECRETS_VARIABLE, ownSecrets],
    [ROTATE_VARIABLE, ownRotation],
    [EMERGENCY_VARIABLE, ownEmergency],
  ] as const) {
    if (value === undefined) delete process.env[key];
    else process.env[key] = value;
  }
});

describe("the configuration", () => {
  it("needs nothing but a site", async () => {
    jest.useFakeTimers({ now: new Date("2026-11-23T23:59:59Z") });
    const { site: found, settings } = await read({ site: siteText() });
    expect(found).toEqual(site());
    expect(settings).toEqual({
      stack: "dev",
      protect: false,
      today: "2026-11-23",
      token: { generation: 1, rotating: false },
    });
  });

  it("may protect, and says how often the token was made anew", async () => {
    const { settings } = await read(
      { site: siteText(), protect: "true", tokenGeneration: "3" },
      { stack: "prod" },
    );
    expect(settings).toMatchObject({
      stack: "prod",
      protect: true,
      token: { generation: 3, rotating: false },
    });
  });

  it.each([
    ["1", true],
    ["0", false],
    ["", false],
  ])("makes a new token in a run with %j in its variable: %s", async (value, rotating) => {
    process.env[ROTATE_VARIABLE] = value;
    expect((await read({ site: siteText() })).settings.token.rotating).toBe(rotating);
  });

  it("knows of an emergency, for the stack to show it", async () => {
    expect((await read({ site: siteText() })).emergency).toBeUndefined();
    process.env[EMERGENCY_VARIABLE] = " pve02 burnt ";
    expect((await read({ site: siteText() })).emergency).toBe("pve02 burnt");
  });

  it.each(["", " "])("is refused with %j for the reason of an emergency", async (reason) => {
    process.env[EMERGENCY_VARIABLE] = reason;
    expect(await refusal({ site: siteText() })).toBe(
      "PROXMOX_HA_EMERGENCY is empty. Write the reason into it, which the stack then shows, or unset it.",
    );
  });

  it("says when the token was made, where that is noted", async () => {
    const { settings } = await read({ site: siteText(), tokenIssued: "2026-01-31" });
    expect(settings.token.issued).toBe("2026-01-31");
  });

  it.each(["soon", "31.01.2026", "2026-02-30", ""])(
    "is refused with %j for that day",
    async (tokenIssued) => {
      expect(await refusal({ site: siteText(), tokenIssued })).toBe(
        `Pulumi.dev.yaml: proxmox-ha:tokenIssued is no date: ${tokenIssued}. Write the day as in "2026-12-31", or take it out.`,
      );
    },
  );

  it.each(["protect", "tokenGeneration"])("is refused with nonsense for %s", async (key) => {
    const text = await refusal({ site: siteText(), [key]: "perhaps" });
    expect(text).toContain(`proxmox-ha:${key}`);
    expect(text).toContain("perhaps");
  });
});

describe("the site", () => {
  it("that is missing is named with its file", async () => {
    expect(await refusal({}, { stack: "prod" })).toBe(
      "Pulumi.prod.yaml describes no site: proxmox-ha:site is missing. See docs/configuration.md.",
    );
  });

  it("that is text is refused", async () => {
    expect(await refusal({ site: "see the wiki" })).toBe(
      "Pulumi.dev.yaml: proxmox-ha:site is not a mapping.",
    );
  });

  it("with faults is refused with all of them, the file's name in front", async () => {
    const changes = { "guests.web.vmid": 100, "guests.web.memory": 256 };
    expect(await refusal({ site: siteText(changes) })).toBe(
      [
        "Pulumi.dev.yaml has 2 problems:",
        "  site.guests.web.memory: 256; write a number, a blank and MiB, GiB or TiB, as in 2 GiB",
        "  site.guests.web.vmid: 100 is also the VMID of guests.win2016; give each guest its own",
      ].join("\n"),
    );
  });

  it("with a secret in it is refused before it is read, and the secret is not shown", async () => {
    const text = await refusal(
      { site: siteText({ "guests.web.notes": "hush", "guests.web.vmid": "hush" }) },
      { secrets: ["site"] },
    );
    expect(text).toBe(
      "Pulumi.dev.yaml: there is a secret inside proxmox-ha:site, where it would be handed out in plain text. " +
        "Keep it under a key of its own (pulumi config set --secret webRootPassword) and name that key in the site " +
        "(passwordFrom: webRootPassword).",
    );
  });

  it("is read where other keys hold secrets", async () => {
    const config = { site: siteText(), winAdmin: "hush" };
    expect((await read(config, { secrets: ["winAdmin"] })).site).toEqual(parseSite(siteWith({})));
  });
});

describe("a secret that the site names", () => {
  const named = siteText({ "guests.web.passwordFrom": "webRootPassword" });

  it("is handed out as a secret", async () => {
    const { secret } = await read(
      { site: named, webRootPassword: "hush" },
      { secrets: ["webRootPassword"] },
    );
    const output = secret("webRootPassword");
    const { isSecret, promise } = output as unknown as {
      isSecret: Promise<boolean>;
      promise(): Promise<string>;
    };
    expect(await isSecret).toBe(true);
    expect(await promise()).toBe("hush");
  });

  it("that is missing stops the run, before any resource asks for it", async () => {
    expect(await refusal({ site: named })).toBe(
      "Pulumi.dev.yaml: the secret webRootPassword, named by guests.web, is missing. " +
        "Set it: pulumi config set --secret webRootPassword",
    );
  });

  it("that stands there in plain text stops the run, and is not shown", async () => {
    expect(await refusal({ site: named, webRootPassword: "hush" }, { secrets: ["other"] })).toBe(
      "Pulumi.dev.yaml: webRootPassword stands there in plain text. " +
        "Set it anew: pulumi config set --secret webRootPassword",
    );
  });

  it("is missed together with all others, each once", async () => {
    const { web } = (siteWith({}) as { guests: { web: object } }).guests;
    const text = await refusal({
      site: siteText({
        "guests.web.passwordFrom": "one",
        "guests.web2": { ...web, vmid: 103, passwordFrom: "two" },
        "guests.web3": { ...web, vmid: 104, passwordFrom: "one" },
      }),
    });
    expect(text.match(/the secret \w+/g)).toEqual(["the secret one", "the secret two"]);
  });

  it("and no other is handed out", async () => {
    const { secret } = await read(
      { site: siteText(), winAdmin: "hush" },
      { secrets: ["winAdmin"] },
    );
    expect(() => secret("winAdmin")).toThrow("the site names no secret winAdmin");
  });
});
