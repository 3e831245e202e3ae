import { mermaid } from "../../../ops/report/mermaid";
import { FIXTURES, fixture, large } from "./support/reports";
import { wrongLines } from "./support/mermaidCheck";

describe("the picture in Mermaid", () => {
  it.each(FIXTURES)("is a flowchart: %s", (name) => {
    expect(wrongLines(mermaid(fixture(name)))).toEqual([]);
  });

  it("marks by class and by word what changes", () => {
    const text = mermaid(fixture("guests-changed"));
    expect(text).toMatch(/"mail \(create\)<br\/>VM 103, 1 GiB<br\/>HA started"\]:::create/);
    expect(text).toMatch(/"win2016 \(update\)<br\/>.*:::update/);
    expect(text).toMatch(/"web<br\/>container 102, 0.25 GiB<br\/>not in HA"\]$/m);
    expect(mermaid(fixture("witness-removed"))).toMatch(/\{\{"nas \(delete\).*:::delete$/m);
    expect(mermaid(fixture("new-site"))).toMatch(/^ {2}class node\d+ create$/m);
  });

  it("counts guests when they are many", () => {
    const text = mermaid(large(1000));
    expect(wrongLines(text)).toEqual([]);
    expect(text.split("\n").length).toBeLessThan(40);
    expect(text).toContain('"500 guests (create)<br/>500 in HA"]:::create');
    expect(text).toContain('"1 other guest<br/>1 in HA"]');
  });

  it("draws the few that change among many", () => {
    const report = large(100);
    const guests = report.guests.map((guest) =>
      guest.name === "guest1" ? guest : { ...guest, mark: undefined },
    );
    const text = mermaid({ ...report, guests });
    expect(text).toMatch(/"guest1 \(create\)<br\/>.*:::create/);
    expect(text).toContain('"51 other guests<br/>50 in HA"]');
  });

  it.each([
    'x"]; click node1 "javascript:alert(1)"',
    "x\n  end\n  evil",
    "<img src=x onerror=alert(1)>",
    "%%{init: {}}%%",
    "#quot;]",
    "`**bold**`",
  ])("takes no name for anything else than a name: %j", (name) => {
    expect(wrongLines(mermaid(large(1, () => name)))).toEqual([]);
  });
});

it("what is no flowchart of ours is found out", () => {
  const bad = 'flowchart TB\n  subgraph a1["x"]\n  b2["x"] --> evil\n  c3["a"b"]';
  expect(wrongLines(bad)).toEqual([
    '  b2["x"] --> evil',
    '  c3["a"b"]',
    "1 subgraphs are left open",
  ]);
});
