import type { Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { traitProblem, traitsOf } from "../guests/traits";
import type { Site } from "../site";
import type { Guest } from "../state/types";

/**
 * What is inside the guests and how fast the hosts' network cards are: `/lab/guests` lists guests with the ports that
 * answer for them, `/lab/guests/ID` and `/lab/guests/all` set traits, `/lab/hosts/NAME/link` a speed in Mbit/s.
 */
export function guestRoutes(app: Hono, site: Site): void {
  app.get("/lab/guests", (context) =>
    context.json(guestsOf(site).map((guest) => describe(site, guest))),
  );
  app.put("/lab/guests/:vmid", async (context) => {
    const fields = await fieldsOf(context);
    const problem = traitProblem(fields);
    if (problem !== undefined) throw refusal(400, problem);
    const vmid = context.req.param("vmid");
    if (vmid === "all") site.state.traits = { ...site.state.traits, ...fields };
    else {
      const guest = guestsOf(site).find((candidate) => String(candidate.vmid) === vmid);
      if (!guest) throw refusal(404, `there is no guest ${vmid}`);
      guest.traits = { ...guest.traits, ...fields };
    }
    await site.commit();
    return context.json(fields);
  });
  app.put("/lab/hosts/:host/link", async (context) => {
    const { mbit } = await fieldsOf(context);
    const name = context.req.param("host");
    const host = Object.hasOwn(site.state.hosts, name) ? site.state.hosts[name] : undefined;
    if (!host) throw refusal(404, `there is no host "${name}"`);
    if (mbit === null) delete host.linkMbit;
    else if (typeof mbit === "number" && mbit > 0) host.linkMbit = mbit;
    else throw refusal(400, `mbit is a speed in Mbit/s or null, not ${JSON.stringify(mbit)}`);
    await site.commit();
    return context.json({ mbit });
  });
}

function guestsOf(site: Site): Guest[] {
  return Object.values(site.state.pmxcfs).flatMap((config) => Object.values(config.guests));
}

function describe(site: Site, guest: Guest): Record<string, unknown> {
  return {
    vmid: guest.vmid,
    node: guest.node,
    port: guest.port ?? null,
    answers: site.network.isAnswering(guest),
    traits: traitsOf(site, guest),
  };
}

async function fieldsOf(context: Context): Promise<Record<string, unknown>> {
  const body: unknown = await context.req.json().catch(() => undefined);
  if (typeof body === "object" && body !== null) return body as Record<string, unknown>;
  throw refusal(400, "the body is a JSON object");
}

function refusal(status: 400 | 404, message: string): HTTPException {
  return new HTTPException(status, { message });
}
