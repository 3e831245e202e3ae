import { z } from "zod";
import { containerSchema } from "./containerSchema";
import { virtualMachineSchema } from "./vmSchema";

export const guestSchema = z.discriminatedUnion("type", [virtualMachineSchema, containerSchema], {
  error: ({ code }) => (code === "invalid_union" ? "write vm or container" : undefined),
});
