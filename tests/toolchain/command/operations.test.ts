import { Operations } from "../../../toolchain/command/operations";
import { rejection } from "./support/provider";

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

test("hands back what the work gives", async () => {
  expect(await new Operations().run(0, async () => 42)).toBe(42);
});

test("cancel ends all work under way and all that comes later", async () => {
  const operations = new Operations();
  const running = [operations.run(0, untilAborted), operations.run(60, untilAborted)].map(
    rejection,
  );
  operations.cancel();
  expect(await Promise.all(running)).toEqual(["cancelled", "cancelled"]);
  expect(await rejection(operations.run(0, untilAborted))).toBe("cancelled");
});

test("a time limit ends one piece of work only", async () => {
  const operations = new Operations();
  const other = operations.run(0, () => new Promise((resolve) => setTimeout(resolve, 50, "done")));
  expect(await rejection(operations.run(0.01, untilAborted))).toBe(
    "timed out after 0.01 s (customTimeouts)",
  );
  expect(await other).toBe("done");
});

test("is idle once all work has ended, badly or not", async () => {
  const operations = new Operations();
  const order: string[] = [];
  const failing = operations.run(0, async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    order.push("work");
    throw new Error("bad");
  });
  const ended = rejection(failing);
  await operations.idle();
  order.push("idle");
  expect(await ended).toBe("bad");
  expect(order).toEqual(["work", "idle"]);
});
