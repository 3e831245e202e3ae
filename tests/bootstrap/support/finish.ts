import type { Bootstrap } from "./bootstrap";
import { missing } from "./described";
import type { Attempt } from "./fault";
import { SETTLED } from "./moments";

/** Runs what is left, and says what is wrong with the end. */
export async function finish(bootstrap: Bootstrap): Promise<string[]> {
  const { lab, plan, watch } = bootstrap;
  const { failures } = await bootstrap.run();
  return [
    ...failures.map(({ step, message }) => `then ${step.name}: ${message}`),
    ...missing(lab, plan.cluster).map((text) => `at the end ${text}`),
    ...watch.problems,
  ];
}

/** The same, but only as long as something differs from the bootstrap that went well. */
export async function goOn({ bootstrap, step, moments }: Attempt): Promise<string[]> {
  const { failures } = await bootstrap.run([step]);
  if (failures.length > 0) return failures.map(({ message }) => `again: ${message}`);
  await bootstrap.lab.clock.advance(SETTLED);
  return moments.isAsAfter(step.name, bootstrap) ? bootstrap.watch.problems : finish(bootstrap);
}
