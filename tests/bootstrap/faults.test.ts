import { newState, START } from "../lab/support/lab";
import type { Bootstrap, Outcome } from "./support/bootstrap";
import { missing } from "./support/described";
import { FAULTS, type Meeting, meetingOf } from "./support/faults";
import { remembersKeys } from "./support/keys";
import { Moments } from "./support/moments";

jest.setTimeout(600_000);

const moments = new Moments();
const tried = new Map<string, number>();

beforeAll(async () => {
  remembersKeys();
  await moments.record(await newState(), START);
});
afterAll(() => {
  const sum = [...tried.values()].reduce((a, b) => a + b, 0);
  const each = [...tried].map(([name, count]) => `${name} ${count}`).join(", ");
  process.stderr.write(`${sum} pairs of fault and step tried: ${each}\n`);
});

/** How the step met what was done to it, in the table's words. */
function met(bootstrap: Bootstrap, name: string, { failures }: Outcome): string {
  const { host, script } = bootstrap.step(name);
  const failure = failures.find(({ step }) => step.name === name);
  if (!failure) return "goes through";
  const { message } = failure;
  const told = `${host}: step ${script.replace("/", "-")} failed: `;
  if (message.includes(told) && / {2}What to do: \S/.test(message)) return "stops";
  if (/is lost$/.test(message)) return "lost";
  if (/host key is not/.test(message)) return "refused";
  return `an error without host, step or remedy: ${message}`;
}

const expected = (meeting: Meeting): string =>
  meeting === "waits" || meeting === "nothing" ? "goes through" : meeting;

/** Runs what is left, and says what is wrong with the end. */
async function finish(bootstrap: Bootstrap): Promise<string[]> {
  const { lab, plan, watch } = bootstrap;
  const { failures } = await bootstrap.run();
  lab.end();
  return [
    ...failures.map(({ step, message }) => `then ${step.name}: ${message}`),
    ...missing(lab, plan.cluster).map((text) => `at the end ${text}`),
    ...watch.problems,
  ];
}

describe.each(FAULTS)("$name", (fault) => {
  it("is met as the table says at each step, and once it is gone the bootstrap ends well", async () => {
    const problems: string[] = [];
    for (const name of moments.names) {
      const bootstrap = moments.at(name);
      const step = bootstrap.step(name);
      fault.inject(bootstrap, step);
      const outcome = await bootstrap.run([step]);
      tried.set(fault.name, (tried.get(fault.name) ?? 0) + 1);
      const found = met(bootstrap, name, outcome);
      const wanted = expected(meetingOf(fault, step));
      if (found !== wanted) problems.push(`${name}: ${found}, not ${wanted}`);
      fault.mend(bootstrap, step);
      if (outcome.failures.length === 0) {
        problems.push(...bootstrap.watch.problems);
        bootstrap.lab.end();
      } else problems.push(...(await finish(bootstrap)).map((text) => `${name}: ${text}`));
    }
    expect(problems).toEqual([]);
  });
});
