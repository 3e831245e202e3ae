import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { page as html } from "../../../ops/report/html/page";
import { markdown } from "../../../ops/report/markdown";
import {
  breaches,
  openBrowser,
  openPage,
  overflow,
  type Watched,
} from "../../lab/page/support/browser";
import { fixture, large } from "./support/reports";

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), "proxmox-ha-report-"));
const address = pathToFileURL(folder).href;
let browser: Browser;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  watched = await openPage(browser, address);
  ({ page } = watched);
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function show(name: string, text: string): Promise<void> {
  writeFileSync(join(folder, `${name}.html`), text);
  await page.goto(`${address}/${name}.html`);
}

/** A photograph of the whole page, and how many of its pixels are of another colour than its first. */
async function photograph(name: string): Promise<number> {
  const path = join(folder, `${name}.png`);
  const image = await page.screenshot({ path, fullPage: true });
  const source = `data:image/png;base64,${image.toString("base64")}`;
  const blank = await browser.newPage();
  await blank.setContent(`<img src="${source}">`);
  const other = await blank.evaluate(`(async () => {
    const image = document.querySelector("img");
    await image.decode();
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const pixels = new Uint32Array(data.buffer);
    return pixels.reduce((sum, pixel) => sum + (pixel === pixels[0] ? 0 : 1), 0);
  })()`);
  await blank.close();
  return other as number;
}

/** Marked in the page itself, as GitHub renders a comment; it knows no Mermaid, so that stays text. */
function rendered(text: string): string {
  const marked = readFileSync(
    join(dirname(require.resolve("marked/package.json")), "lib/marked.umd.js"),
    "utf8",
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Comment</title>
    <style>body { font: 16px sans-serif; max-width: 60rem; margin: 2rem auto }
    table { border-collapse: collapse } th, td { border: 1px solid; padding: .3rem .6rem }</style></head>
    <body><main></main><script>${marked.replaceAll("</script", "<\\/script")}</script>
    <script>document.querySelector("main").innerHTML = marked.parse(${JSON.stringify(text).replaceAll("<", "\\u003c")})</script>
    </body></html>`;
}

describe("the report of a change that breaks quorum", () => {
  beforeAll(() => show("report", html(fixture("witness-removed"))));

  it.each(["light", "dark"] as const)(
    "is photographed and can be read by everybody, %s, on a desk and on a phone",
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      for (const [width, height] of [
        [1280, 900],
        [360, 740],
      ] as const) {
        await page.setViewportSize({ width, height });
        expect(await breaches(page)).toEqual([]);
        expect([width, await overflow(page)]).toEqual([width, 0]);
      }
      await page.setViewportSize({ width: 1280, height: 900 });
      expect(await photograph(`report-${colorScheme}`)).toBeGreaterThan(20_000);
    },
  );

  it("shows verdict, changes, arithmetic, room, backups and topology", async () => {
    const text = await page.locator("body").innerText();
    for (const part of [
      "The policies refuse this change: 2 violations of require-majority-after-node-loss.",
      "without pve02, 1 of 2 votes are left and 2 are needed",
      "11 to update, 4 to delete, 29 unchanged.",
      "Cluster mizar: 2 votes, 2 needed",
      "pve01 resets itself.",
      "2.75 GiB",
      "17 (daily 7, last 3, monthly 3, weekly 4)",
    ])
      expect(text).toContain(part);
    const picture = page.getByRole("img", { name: "Topology of cluster mizar" });
    expect(await picture.locator("desc").textContent()).toMatch(
      /^Nodes: pve01, pve02\. Witness: nas \(delete\)\. Storages: Data, Backup\./,
    );
    expect(await picture.textContent()).toContain("delete: nas");
  });

  it("has landmarks, headings in order, and tables whose cells have heads", async () => {
    for (const role of ["banner", "navigation", "main", "contentinfo"] as const)
      expect(await page.getByRole(role).count()).toBe(1);
    const headings = await page.locator("h1, h2").allTextContents();
    expect(headings).toEqual([
      ...["Preview of stack dev", "Policy verdict", "What changes", "Topology"],
      ...["If one thing breaks", "Who fits where", "Guests and backups"],
    ]);
    expect(await page.locator("th:not([scope])").count()).toBe(0);
    expect(await page.locator("table:not(:has(caption))").count()).toBe(0);
  });

  it("is gone through by keyboard: skip link, contents, tables, with the focus to be seen", async () => {
    await page.evaluate("scrollTo(0, 0); document.activeElement.blur()");
    await page.keyboard.press("Tab");
    const focus = page.locator(":focus");
    expect(await focus.textContent()).toBe("Skip to the report");
    expect((await focus.boundingBox())?.x).toBeGreaterThanOrEqual(0);
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("report");
    await page.keyboard.press("Tab");
    expect(await focus.getAttribute("aria-label")).toBe("Refused");
    expect(
      await focus.evaluate(
        (node) => node.ownerDocument.defaultView!.getComputedStyle(node).outlineStyle,
      ),
    ).toBe("solid");
  });

  it("is printed without its navigation, with what is folded, in dark ink", async () => {
    await show("folded", html(fixture("new-site")));
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.getByRole("navigation").isVisible()).toBe(false);
    expect(await page.locator("details ul").first().isVisible()).toBe(true);
    const colours = await page.evaluate(
      "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]",
    );
    expect(colours).toEqual(["rgb(255, 255, 255)", "rgb(0, 0, 0)"]);
    expect((await page.pdf()).length).toBeGreaterThan(20_000);
    await page.emulateMedia({ media: "screen", colorScheme: "light" });
  });
});

it("a comment about a change that breaks quorum is photographed as it is rendered", async () => {
  await show("comment", rendered(markdown(fixture("witness-removed"))));
  expect(await page.locator("h2").innerText()).toBe("Preview of stack dev");
  expect(await page.locator("p strong").first().innerText()).toBe(
    "❌ The policies refuse this change: 2 violations of require-majority-after-node-loss.",
  );
  const refused = page.locator("table").first();
  expect(await refused.locator("tbody tr").count()).toBe(2);
  expect(await refused.innerText()).toContain("(win2016, ubuntu)");
  expect(await page.locator("details").count()).toBe(4);
  expect(await page.locator("details table").count()).toBe(4);
  expect(await page.locator("code.language-mermaid").innerText()).toContain("nas (delete)");
  expect(await photograph("comment")).toBeGreaterThan(20_000);
});

const EVIL = "<img src=x onerror=alert(1)>|[x](javascript:alert(1)) </details> @team \"'`${x}";

it("names that are markup stay names in the comment and in the page", async () => {
  const report = large(1, () => EVIL);
  const evil = { ...report, stack: EVIL };
  await show("evil-comment", rendered(markdown(evil)));
  expect(await page.locator("img, main a, main script").count()).toBe(0);
  expect(await page.locator("h2").innerText()).toContain("<img src=x onerror=alert(1)>|[x]");
  expect(await page.locator("details").count()).toBe(4);
  await show("evil-page", html(evil));
  expect(await page.locator("main img:not([role]), script").count()).toBe(0);
  expect(await page.title()).toBe(`Preview of stack ${EVIL}`);
  expect(await breaches(page)).toEqual([]);
});

it("a page of 1,000 guests opens in time", async () => {
  const begun = performance.now();
  await show("large", html(large(1000)));
  expect(performance.now() - begun).toBeLessThan(5000);
  expect(await page.evaluate("document.querySelectorAll('main tbody tr').length")).toBeGreaterThan(
    4000,
  );
});

it("nothing was complained of, and nobody was asked but the file itself", () => {
  expect(watched.complaints).toEqual([]);
  expect(watched.strangers).toEqual([]);
});
