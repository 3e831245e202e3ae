import type { Layout } from "../../lab/reference";
import { START } from "../lab/support/lab";
import { Bootstrap, Lab } from "./support/bootstrap";
import { missing, written } from "./support/described";
import { hosts } from "./support/hosts";
import { remembersKeys } from "./support/keys";

jest.setTimeout(300_000);
beforeAll(remembersKeys);

describe("a bootstrap of", () => {
  it.each<[string, Partial<Layout>]>([
    ["installed hosts", {}],
    ["bare hosts", { bare: ["pve01", "pve02"] }],
    ["a bare founder and an installed joiner", { bare: ["pve01"] }],
    ["an installed founder and a bare joiner", { bare: ["pve02"] }],
  ])(
    "%s ends in the described cluster, and changes nothing when it runs again",
    async (_, layout) => {
      const lab = new Lab(await hosts(layout), START);
      const bootstrap = new Bootstrap(lab);
      const { failures } = await bootstrap.run();
      expect(failures.map(({ step, message }) => `${step.name}: ${message}`)).toEqual([]);
      expect(missing(lab, bootstrap.plan.cluster)).toEqual([]);
      const before = written(lab);
      const again = await bootstrap.runAgain();
      expect(again.failures.map(({ step, message }) => `${step.name}: ${message}`)).toEqual([]);
      expect(written(lab)).toBe(before);
      expect(bootstrap.watch.problems).toEqual([]);
      lab.end();
    },
  );
});
