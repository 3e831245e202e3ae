import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { deserializeOnce } from "../../policy/deserializeOnce";
import { run } from "./support/pack";

const VM = "proxmoxve:index/vmLegacy:VmLegacy";

/** How often resources are read while `count` policies judge a stack of one. */
async function readsWith(count: number): Promise<number> {
  const reads = jest.spyOn(Struct.prototype, "toJavaScript");
  const policies = Array.from({ length: count }, (_, index) => ({
    name: `policy-${index}`,
    description: "Sees the resource.",
    enforcementLevel: "advisory",
    validateStack: (
      { resources }: { resources: { name: string }[] },
      report: (message: string) => void,
    ) => report(resources.map(({ name }) => name).join()),
  }));
  const resource = { type: VM, urn: "urn:web", name: "web", inputs: {} };
  const said = await run({ name: "pack", policies }, [resource]);
  const times = reads.mock.calls.length;
  reads.mockRestore();
  expect(said).toHaveLength(count);
  return times;
}

it("reads a resource once, however many policies judge the stack", async () => {
  expect(await readsWith(5)).toBe(5);
  deserializeOnce();
  expect(await readsWith(5)).toBe(1);
  expect(await readsWith(50)).toBe(1);
});
