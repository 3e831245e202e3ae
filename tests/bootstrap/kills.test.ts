import { booted, type Attempt, onTheWay } from "./support/fault";
import { finish } from "./support/finish";
import { remembersKeys } from "./support/keys";
import { type Recorded, recordStarts } from "./support/moments";
import { seeded } from "./support/random";
import type { HostName } from "../lab/cluster/support/machines";

jest.setTimeout(3_600_000);

/** How many moments; `BOOTSTRAP_MOMENTS=n` tries more. */
const COUNT = Number(process.env.BOOTSTRAP_MOMENTS ?? 2);
/** How often one bootstrap is ended, at most. */
const TIMES = 3;

/** What ends a bootstrap. */
interface End {
  name: string;
  /** Whether the next run remembers what was done. */
  remembers: boolean;
  happen(attempt: Attempt, kill: () => void): void;
  mend(attempt: Attempt): Promise<void>;
}

const all = ({ bootstrap }: Attempt): HostName[] =>
  Object.keys(bootstrap.lab.state.hosts) as HostName[];
const cutAll = (attempt: Attempt): void => {
  for (const host of all(attempt)) attempt.bootstrap.lab.cut(host);
};
const nothing = (): Promise<void> => Promise.resolve();

const ENDS: End[] = [
  { name: "the CLI is killed", remembers: true, happen: cutAll, mend: nothing },
  {
    name: "the operator's PC and its state are lost",
    remembers: false,
    happen: cutAll,
    mend: nothing,
  },
  { name: "the script is killed", remembers: true, happen: (_, kill) => kill(), mend: nothing },
  {
    name: "the power of the host is cut",
    remembers: true,
    happen: ({ bootstrap, step }) => bootstrap.lab.site.machines.reset(step.host),
    mend: booted,
  },
  {
    name: "the power of all is cut",
    remembers: false,
    happen: (attempt) => {
      for (const host of all(attempt)) attempt.bootstrap.lab.site.machines.reset(host);
    },
    mend: booted,
  },
];

let recorded: Recorded[] = [];
beforeAll(async () => {
  remembersKeys();
  recorded = await recordStarts();
});
afterAll(() => void process.stderr.write(`${COUNT} moments of a bootstrap's ends tried\n`));

function pick<T>(list: T[], random: () => number): T {
  const one = list[Math.floor(random() * list.length)];
  if (one === undefined) throw new Error("nothing to pick from");
  return one;
}

it("ends well when it runs again, whatever has ended it at whatever moment", async () => {
  const problems: string[] = [];
  for (let moment = 0; moment < COUNT; moment++) {
    const random = seeded(`kill ${moment}`);
    const { start, moments } = pick(recorded, random);
    const first = moments.anyStep(random);
    const bootstrap = moments.at(first);
    const told: string[] = [];
    let name = first;
    try {
      for (let time = 1 + Math.floor(random() * TIMES); time > 0; time--) {
        const attempt: Attempt = { bootstrap, moments, start, ...moments.place(name, random) };
        const end = pick(ENDS, random);
        told.push(`${end.name} at ${name}, program ${attempt.program}`);
        onTheWay(attempt, (script) => end.happen(attempt, () => script.kill()));
        await bootstrap.run();
        await end.mend(attempt);
        if (!end.remembers) bootstrap.done.clear();
        const left = moments.names.filter((one) => !bootstrap.done.has(one));
        if (left.length === 0) break;
        name = pick(left, random);
      }
      problems.push(
        ...(await finish(bootstrap)).map((text) => `${start}: ${told.join(", ")}: ${text}`),
      );
    } catch (error) {
      problems.push(`${start}: ${told.join(", ")}: ${(error as Error).message}`);
    }
    bootstrap.lab.end();
  }
  expect(problems).toEqual([]);
});
