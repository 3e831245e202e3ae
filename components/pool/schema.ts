import { z } from "zod";

/** A group of guests, which rights and backups can be given to as one. */
export const poolSchema = z
  .strictObject({
    comment: z.string().max(1000).default("").describe("What the web interface says of it."),
  })
  .describe("A pool of guests, which name it themselves.");
