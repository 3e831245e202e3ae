import type { Hono } from "hono";
import type { ControlledLab } from "./lab";
import { asText, fieldsOf, refusal } from "./requests";

/** `/lab/faults/hold`: holds the lab at a moment, tells whether it is there, and lets it go. */
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
  app.delete("/lab/faults/hold", (context) => {
    lab.site.faults.release();
    return context.json({ held: null });
  });
}
