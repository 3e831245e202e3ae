import type { Outcome } from "./support/bootstrap";
import { type Attempt, type Fault, type Meeting, meetingOf } from "./support/fault";
import { FAULTS } from "./support/faults";
import { finish, goOn } from "./support/finish";
import { remembersKeys } from "./support/keys";
import { type Recorded, recordStarts } from "./support/moments";
import { seeded } from "./support/random";

jest.setTimeout(3_600_000);

/**
 * `BOOTSTRAP_FAULTS=each` tries each fault at each step of each host, from one of the starts; `all` from every start,
 * which takes hours. Both go on until the whole site is there.
 */
const MODE = process.env.BOOTSTRAP_FAULTS ?? "some";
/** Otherwise, how many are tried of those pairs in which all steps are alike, and of each fault at most. */
const SHARE = 0.15;
const MOST = 1;
const ALIKE: Meeting[] = ["nothing", "unreachable", "refused"];

let recorded: Recorded[] = [];
const tried = new Map<string, Map<Meeting, number>>();

beforeAll(async () => {
  remembersKeys();
  recorded = await recordStarts();
});
afterAll(() => {
  const lines = [...tried].map(([name, meetings]) => {
    const counts = [...meetings].sort().map(([meeting, count]) => `${meeting} ${count}`);
    return `  ${name}: ${counts.join(", ")}`;
  });
  const counts = [...tried.values()].flatMap((meetings) => [...meetings.values()]);
  const sum = counts.reduce((a, b) => a + b, 0);
  process.stderr.write(`${sum} pairs of fault and step tried\n${lines.join("\n")}\n`);
});

/** What is tried of one fault. */
function attempts(fault: Fault): (() => Attempt)[] {
  const random = seeded(fault.name);
  const all = recorded.flatMap(({ start, moments }) =>
    moments.names.map((name) => ({ ...moments.place(name, random), start, moments, name })),
  );
  const places = new Map<string, typeof all>();
  for (const one of all) {
    const { script, name } = one.step;
    const key = MODE === "each" ? name : `${script} ${meetingOf(fault, one)}`;
    places.set(key, [...(places.get(key) ?? []), one]);
  }
  const each = [...places.values()].flatMap(
    (same) => same[Math.floor(random() * same.length)] ?? [],
  );
  const some = each
    .filter((one) => !(fault.dear || ALIKE.includes(meetingOf(fault, one))) || random() < SHARE)
    .map((one) => ({ one, order: random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, MOST)
    .map(({ one }) => one);
  const chosen = { all, each }[MODE] ?? some;
  return chosen.map((one) => () => ({
    ...one,
    bootstrap: one.moments.at(one.name),
  }));
}

/** How the step met what was done to it, in the table's words. */
function met({ step: { name, host, script } }: Attempt, { says }: Fault, outcome: Outcome): string {
  const failure = outcome.failures.find(({ step }) => step.name === name);
  if (!failure) return "goes through";
  const { message } = failure;
  const told = `${host}: step ${script.replace("/", "-")} failed: `;
  if (/is lost$|was killed$/.test(message)) return "lost";
  if (/connection refused/.test(message)) return "unreachable";
  if (/host key is not/.test(message)) return "refused";
  if (!message.includes(told) || !/ {2}What to do: \S/.test(message)) {
    return `an error without host, step or remedy: ${message}`;
  }
  return says?.test(message) === false ? `an error without its cause: ${message}` : "stops";
}

async function problemsOf(fault: Fault, attempt: Attempt): Promise<string[]> {
  const { bootstrap, step } = attempt;
  const meeting = meetingOf(fault, attempt);
  const counts = tried.get(fault.name) ?? new Map<Meeting, number>();
  tried.set(fault.name, counts.set(meeting, (counts.get(meeting) ?? 0) + 1));
  await fault.inject(attempt);
  const found = met(attempt, fault, await bootstrap.run([step]));
  const passes = meeting === "waits" || meeting === "nothing";
  const wanted = passes ? "goes through" : meeting;
  const problems = found === wanted ? [] : [`${found}, not ${wanted}`];
  await fault.mend(attempt);
  const end = MODE === "some" ? goOn(attempt) : finish(bootstrap);
  return [...problems, ...(await end)];
}

describe.each(FAULTS)("$name", (fault) => {
  it("is met as the table says at each step, and once it is gone the bootstrap ends well", async () => {
    const problems: string[] = [];
    for (const make of attempts(fault)) {
      const attempt = make();
      const { start, step, program } = attempt;
      const found = await problemsOf(fault, attempt).catch((error: Error) => [error.message]);
      attempt.bootstrap.lab.end();
      const place = `${start} ${step.name}, program ${program}`;
      problems.push(...found.map((text) => `${place}: ${text}`));
    }
    expect(problems).toEqual([]);
  });
});
