import { useConnections } from "../support/connections";
import type { Registered } from "../support/pulumi";
import { built, EVERYTHING, PASSWORD } from "../support/reference";
import { get, inputsOf, title } from "../support/resources";

const connections = useConnections();

let everything: Registered[];
let reference: Registered[];
beforeAll(async () => {
  everything = await built(connections, EVERYTHING);
  reference = await built(connections);
});

const stdin = (name: string): string => String(inputsOf(everything, `Command ${name}`).stdin);

describe("notifications", () => {
  it("are no resource where the site file says nothing", () => {
    expect(reference.map(title)).not.toContain("Notifications notifications");
  });

  it("tell the policies who is told what, and no secret", () => {
    expect(inputsOf(everything, "Notifications notifications")).toEqual({
      targets: [
        { name: "chat", type: "webhook", enabled: true },
        { name: "office", type: "smtp", enabled: true },
      ],
      matchers: [
        {
          name: "failures",
          enabled: true,
          targets: ["chat", "office"],
          severities: ["error"],
          narrow: false,
        },
      ],
      rootMail: "root@example.org",
    });
  });

  it("get their secrets by standard input alone", () => {
    const base64 = Buffer.from(PASSWORD).toString("base64");
    expect(stdin("target-office")).toContain(`SECRETS='password ${PASSWORD}'`);
    expect(stdin("target-chat")).toContain(`SECRETS='secret name=token,value=${base64}'`);
    for (const name of ["target-office", "target-chat", "matcher-failures"]) {
      const { create, delete: removal } = inputsOf(everything, `Command ${name}`);
      expect(`${String(create)}${String(removal)}`).not.toMatch(
        new RegExp(`${PASSWORD}|${base64}`),
      );
    }
  });

  it("are told after all the rest, matchers after targets", () => {
    const needs = (name: string): string[] => {
      const { dependencies } = get(everything, `Command ${name}`);
      return everything.filter(({ urn }) => dependencies.includes(urn)).map(title);
    };
    expect(needs("target-office")).toEqual(expect.arrayContaining(["Job nightly"]));
    expect(needs("matcher-failures")).toEqual(
      expect.arrayContaining(["Command target-office", "Command target-chat"]),
    );
  });
});
