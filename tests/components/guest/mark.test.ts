import fc from "fast-check";
import { type Mark, markedNotes, readMark } from "../../../components/guest/mark";

const URN =
  "urn:pulumi:dev::proxmox-ha::proxmox-ha:guest:Container$proxmoxve:index/containerLegacy:ContainerLegacy::web";
const MARK: Mark = { stack: "dev", urn: URN };

describe("the mark", () => {
  it("is the only line where there are no notes", () => {
    expect(markedNotes("", MARK)).toBe(`Managed by Pulumi, stack dev: ${URN}`);
  });

  it("stands below the notes, and names the template that a container was made from", () => {
    expect(markedNotes("In the cellar.", { ...MARK, from: "Data:vztmpl/debian.tar.zst" })).toBe(
      `In the cellar.\n\nManaged by Pulumi, stack dev: ${URN} from Data:vztmpl/debian.tar.zst`,
    );
  });

  it("is read back from any notes, also with the newline that Proxmox VE puts at a container's", () => {
    const word = fc.stringMatching(/^[A-Za-z0-9._:$/-]+$/);
    const mark = fc.record({ stack: word, urn: word.map((text) => `urn:pulumi:${text}`) });
    const withFrom = fc
      .tuple(mark, fc.option(word))
      .map(([known, from]): Mark => (from === null ? known : { ...known, from }));
    const notes = fc.oneof(
      fc.string({ unit: "binary" }),
      // Notes that quote a mark, as a clone's might.
      mark.map((other) => markedNotes("", other)),
    );
    fc.assert(
      fc.property(notes, withFrom, fc.constantFrom("", "\n"), (text, own, end) => {
        expect(readMark(markedNotes(text, own) + end)).toEqual(own);
      }),
    );
  });

  it.each([
    ["", "no notes"],
    ["Managed by hand", "other notes"],
    ["Managed by Pulumi, stack dev: urn:aws:web", "no URN"],
    [`We say: Managed by Pulumi, stack dev: ${URN}`, "a mark within a line"],
    [`Managed by Pulumi, stack dev: ${URN} from A and B`, "more than a mark"],
  ])("is not found in %j (%s)", (notes) => {
    expect(readMark(notes)).toBeUndefined();
  });
});
