import { asCode, inHtml, inMarkdown } from "../../../ops/report/escape";
import { markdown } from "../../../ops/report/markdown";
import { page } from "../../../ops/report/html/page";
import { fixture, large } from "./support/reports";

/** As GitHub documents it for comments. */
const GITHUB_LIMIT = 65_536;

const section = (text: string, title: string): string =>
  text.split(/^(?=### |<details>)/m).find((part) => part.includes(title)) ?? "";

describe("the comment", () => {
  it("says first whether the change may be made, then how much changes", () => {
    const [title, , verdict, , counts] = markdown(fixture("witness-removed")).split("\n");
    expect(title).toBe("## Preview of stack dev");
    expect(verdict).toBe(
      "**❌ The policies refuse this change: 2 violations of require-majority-after-node-loss.**",
    );
    expect(counts).toBe("11 to update, 4 to delete, 29 unchanged.");
    expect(markdown(fixture("storage-replaced")).split("\n")[2]).toBe(
      "**✅ The policies let this change pass, with 5 pieces of advice.**",
    );
  });

  it("has the plan as a table, with what the program says of the site before it", () => {
    const text = section(markdown(fixture("witness-removed")), "What changes");
    expect(text).toContain(
      "- **cluster mizar**: qdevice: <code>true</code> → <code>false</code>; witness: ",
    );
    expect(text).toContain("\n\n|  | Resource | What of it |\n| --- | --- | --- |\n");
    expect(text).toContain("| **delete** | step qdevice |  |");
    expect(section(markdown(fixture("storage-replaced")), "What changes")).toContain(
      "| **replace** | storage Backup | export: <code>/backup/pve-backup</code> → <code>/backup/pve-old</code> (replaces it) |",
    );
  });

  it("shows refusals, and folds what is advised, the arithmetic and the guests", () => {
    const text = markdown(fixture("guests-changed"));
    expect(section(text, "What the policies refuse")).toMatch(
      /^### .*\n\n\| Rule .*\n.*\n\| \*\*require-failover-room\*\* \| critical \| .*4.29 GiB would run there/,
    );
    const folded = [...text.matchAll(/<details><summary>(.*)<\/summary>/g)].map(([, one]) => one);
    expect(folded).toEqual([
      "What the policies advise (5)",
      "If one thing breaks: cluster mizar, 3 votes, 2 needed",
      "Who fits where: cluster mizar",
      "Guests and their backups (4)",
    ]);
    expect(text.match(/<\/details>/g)).toHaveLength(4);
    expect(text).toContain("```mermaid\nflowchart TB\n");
  });

  it("is below GitHub's limit with 1,000 guests, made in time, and says what is left out", () => {
    const begun = performance.now();
    const report = large(1000);
    const text = markdown(report);
    const whole = page(report);
    expect(performance.now() - begun).toBeLessThan(5000);
    // Others put a line before it.
    expect(text.length).toBeLessThan(60_000);
    expect(Buffer.byteLength(text)).toBeLessThan(GITHUB_LIMIT);
    const left = [...text.matchAll(/^(\d+) more (\w+) are left out here; the HTML report/gm)];
    expect(left.map(([, , what]) => what)).toEqual(["violations", "changes", "guests"]);
    const guests = section(text, "Guests and their backups");
    const shown = guests.match(/^\| VM |^\| container /gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(30);
    expect(shown + Number(left[2]?.[1])).toBe(1003);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
    expect(whole).toContain("guest999");
  });

  it("is no longer when names are as long as they can be", () => {
    expect(markdown(large(300, (index) => `${index}-${"<".repeat(60)}`)).length).toBeLessThan(
      GITHUB_LIMIT,
    );
  });
});

describe("what comes from names is text", () => {
  it.each([
    ["a|b", "a&#124;b"],
    ["**x** _y_ `z`", "&#42;&#42;x&#42;&#42; &#95;y&#95; &#96;z&#96;"],
    ["[x](http://e)", "&#91;x&#93;&#40;http\u2060://e&#41;"],
    ["<script>&", "&#60;script&#62;&#38;"],
    ["@team #12", "&#64;\u2060team &#35;\u206012".replace("&#64;", "@")],
    ["www.example.com", "www\u2060.example.com"],
    ["- x", "\u2060- x"],
    ["1. x", "\u20601. x"],
    ["two\nlines", "two lines"],
    ["\u202eevil\u0007", "\ufffdevil\ufffd"],
  ])("in Markdown: %j", (text, escaped) => {
    expect(inMarkdown(text)).toBe(escaped);
  });

  it("in code and in HTML", () => {
    expect(asCode("root@pam <x>")).toBe("<code>root@pam &#60;x&#62;</code>");
    expect(inHtml(`<a href='x' title="y">&`)).toBe(
      "&#60;a href=&#39;x&#39; title=&#34;y&#34;&#62;&#38;",
    );
  });
});
