import * as pulumi from "@pulumi/pulumi";
import { build } from "../../../components/build";
import { planSite } from "../../../components/plan";
import { useConnections } from "../support/connections";
import { register } from "../support/pulumi";
import { EVERYTHING, PASSWORD, SETTINGS } from "../support/reference";
import { type Changes, site } from "../support/site";

const connections = useConnections();

/** What `index.ts` exports as `userTokens`. */
async function exported(changes: Changes): Promise<Record<string, pulumi.Output<string>>> {
  let tokens: Record<string, pulumi.Output<string>> | undefined;
  await register(() => {
    const plan = planSite(site(changes), SETTINGS);
    tokens = build(plan, connections, () => pulumi.secret(PASSWORD)).userTokens;
  });
  if (!tokens) throw new Error("nothing is exported, of which Pulumi warns in every run");
  return tokens;
}

describe("the tokens that the stack exports", () => {
  it.each<[string, Changes]>([
    ["describes nobody", {}],
    ["describes users without tokens", { "access.users": { "anna@pve": {} } }],
  ])("are an empty object where the site %s", async (_, changes) => {
    expect(await exported(changes)).toEqual({});
  });

  it("are secrets, each under its own name", async () => {
    const tokens = Object.entries(await exported(EVERYTHING));
    expect(tokens.map(([name]) => name)).toEqual(["anna@pve!backup"]);
    const secret = tokens.map(([, token]) => pulumi.isSecret(token));
    expect(await Promise.all(secret)).toEqual([true]);
  });
});
