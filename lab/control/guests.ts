import type { Hono } from "hono";
import { traitProblem, traitsOf } from "../guests/traits";
import type { Site } from "../site";
import type { Guest } from "../state/types";
import type { ControlledLab } from "./lab";
import { fieldsOf, refusal } from "./requests";

/**
 * What is inside the guests: `/lab/guests` lists them with the ports that answer for them, `/lab/guests/ID` and
 * `/lab/guests/all` set traits.
 */
export function guestRoutes(app: Hono, lab: Pick<ControlledLab, "site">): void {
  app.get("/lab/guests", (context) =>
    context.json(guestsOf(lab.site).map((guest) => describe(lab.site, guest))),
  );
  app.put("/lab/guests/:vmid", async (context) => {
    const { site } = lab;
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
