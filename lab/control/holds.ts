import type { Hono } from "hono";
import type { ControlledLab } from "./lab";
import { asText, fieldsOf, refusal } from "./requests";

/**
 * `/lab/faults/hold`: holds the lab at a moment, tells whether it is there, and lets it go. `PUT /lab/faults/kill`
 * `{match, program}`: kills the next script whose label has that text, before it starts its `program`th program.
 */
export function holdRoutes(app: Hono, lab: ControlledLab): void {
  app.put("/lab/faults/hold", async (context) => {
    const { match, moment } = await fieldsOf(context);
    if (typeof match !== "string" || match === "") {
      throw refusal(400, "match is a part of the label to wait for, as in POST /nodes/pve01/qemu");
    }
    if (moment !== "before" && moment !== "after") {
      throw refusal(400, `moment is "before" or "after", not ${asText(moment)}`);
    }
    lab.site.faults.hold(match, moment);
    return context.json({ held: match });
  });
  app.get("/lab/faults/hold", (context) => context.json({ reached: lab.site.faults.reached }));
  app.put("/lab/faults/kill", async (context) => {
    const { match, program } = await fieldsOf(context);
    if (typeof match !== "string" || match === "") {
      throw refusal(400, "match is a part of the label of a script, as in ssh pve01");
    }
    if (typeof program !== "number" || !Number.isInteger(program) || program < 1) {
      throw refusal(400, `program is a number from 1 on, not ${asText(program)}`);
    }
    lab.site.faults.kill(match, program);
    return context.json({ kills: match, program });
  });
  app.delete("/lab/faults/hold", (context) => {
    lab.site.faults.release();
    return context.json({ held: null });
  });
}
