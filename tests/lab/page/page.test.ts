import type { Browser, Locator, Page } from "playwright-core";
import {
  breaches,
  openBrowser,
  openPage,
  overflow,
  photograph,
  type Watched,
} from "./support/browser";
import { type OpenLab, openLab, TOKEN } from "./support/openLab";

jest.setTimeout(30_000);

let open: OpenLab;
let browser: Browser;
let watched: Watched;
let page: Page;

beforeAll(async () => {
  [open, browser] = await Promise.all([openLab(), openBrowser()]);
  watched = await openPage(browser, open.address);
  ({ page } = watched);
});

afterAll(async () => {
  await browser?.close();
  await open?.close();
});

const host = (name: string): Locator => page.getByRole("article", { name });
const row = (table: string, name: string | RegExp): Locator =>
  page
    .getByRole("table", { name: table })
    .getByRole("row")
    .filter({
      has: page.getByRole("rowheader", { name }),
    });
const button = (name: string): Locator => page.getByRole("button", { name, exact: true });

const GUESTS = "Guests and where they run";
const STORAGES = "Storages, their use, and which nodes reach them";

/** Waits until the element says all of it. */
async function says(element: Locator, ...texts: string[]): Promise<void> {
  for (const text of texts) await element.filter({ hasText: text }).first().waitFor();
}

/** Presses Tab until the element has the focus; tells how it is marked then. */
async function tabTo(element: Locator): Promise<string> {
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press("Tab");
    if (await element.evaluate((node) => node === node.ownerDocument.activeElement)) {
      return element.evaluate((node) => {
        const { outlineStyle, outlineWidth } =
          node.ownerDocument.defaultView!.getComputedStyle(node);
        return `${outlineWidth} ${outlineStyle}`;
      });
    }
  }
  throw new Error("the Tab key does not come to it");
}

describe("the lab's page", () => {
  it("shows nothing without the lab's token, and says when one is wrong", async () => {
    await page.goto(`${open.address}/`);
    await page.getByLabel("Token").fill("guessed");
    await page.keyboard.press("Enter");
    await says(page.getByRole("alert"), "The lab does not know this token.");
    expect(await page.getByRole("article").count()).toBe(0);
    expect(await breaches(page)).toEqual([]);
    // The browser itself complains of the 401.
    expect(watched.complaints.splice(0)).toEqual([expect.stringContaining("401")]);
  });

  it("takes the token from its address and leaves no trace of it there", async () => {
    await page.goto(`${open.address}/#token=${TOKEN}`);
    await says(page.getByRole("banner"), "Live");
    expect(page.url()).toBe(`${open.address}/`);
    await page.reload();
    await says(page.getByRole("banner"), "Live");
  });

  it("shows hosts with votes, HA and what runs on them", async () => {
    await says(
      host("pve01"),
      "Quorate",
      "3 of 3 votes, needs 2",
      "pve01, pve02 and the QDevice's vote",
    );
    await says(host("pve02"), "CRM", "LRM active", "watchdog armed", "2 guests", "100 win2016");
    await says(host("nas"), "nfs-server runs", "corosync-qnetd runs");
    await says(page.getByRole("heading", { level: 1 }), "Lab");
    await says(
      page.locator("#headline"),
      "All is well: 2 of 2 nodes quorate, 2 of 2 guests running.",
    );
  });

  it("shows guests where they run, storages and who reaches them, tasks and the log", async () => {
    await says(row(GUESTS, "win2016"), "pve02", "running", "started", "on port", "2.0 GiB");
    await says(row(GUESTS, "web"), "pve02", "running", "not HA");
    await says(row(STORAGES, /^Data/), "nfs, shared", "2048 GiB", "pve01", "pve02");
    await says(page.getByRole("table", { name: /latest tasks/ }), "qmstart 100", "root@pam");
  });

  it("is photographed on a desk and on a phone, by day and by night, and is nowhere too wide", async () => {
    for (const [device, width, height] of [
      ["desktop", 1280, 900],
      ["phone", 360, 740],
    ] as const) {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ colorScheme });
        await photograph(page, `${device}-${colorScheme}`);
        expect([device, colorScheme, await overflow(page)]).toEqual([device, colorScheme, 0]);
        expect(await breaches(page)).toEqual([]);
      }
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: "light" });
  });

  it("cuts and mends cables, stops and starts the witness, fills a disk", async () => {
    await button("Cut: the way between nas and pve01").click();
    await says(page.locator("#problems"), "The way between nas and pve01 is cut.");
    await says(row(STORAGES, /^Data/), "pve01: storage 'Data' is not online");
    await button("Mend every cable").click();
    await button("Cut: the way between nas and pve01").waitFor();
    await button("Stop: corosync-qnetd on nas").click();
    await says(host("pve01"), "no vote of the QDevice", "2 of 3 votes");
    await button("Start: corosync-qnetd on nas").click();
    await button("Fill: /backup/pve-data on nas").click();
    await says(page.locator("#problems"), "/backup/pve-data on nas is full.");
    await button("Make room: /backup/pve-data on nas").click();
    await button("Fill: /backup/pve-data on nas").waitFor();
  });

  it("disturbs the API and says what the lab has to object", async () => {
    await page.getByLabel("Node").selectOption("pve01");
    await page.getByLabel("Requests that fail, in %").fill("50");
    await button("Disturb the API").click();
    await says(page.locator("#switches"), "pve01: 500 ms, 50 % fail");
    await button("Let it be").click();
    await says(page.locator("#switches"), "Undisturbed.");
    await page.getByLabel("Delay in ms").fill("-1");
    await button("Disturb the API").click();
    await says(page.getByRole("alert"), "delayMs is milliseconds up to 600000, not -1");
    watched.complaints.splice(0);
  });

  it("powers a node off by keyboard, after a question, and shows what follows", async () => {
    await button("Take a snapshot").click();
    await says(page.getByRole("status"), "Snapshot before is taken.");
    expect(await tabTo(button("Power off: pve02"))).toMatch(/^[2-9]px solid$/);
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Power off pve02?" });
    await says(dialog, "Its guests stop at once");
    await photograph(page, "question");
    expect(await breaches(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    expect(open.lab.site.hardware.isOn("pve02")).toBe(true);

    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await button("Power on: pve02").waitFor();
    expect(await page.locator(":focus").getAttribute("aria-label")).toBe("Power on: pve02");
    await says(row(GUESTS, "win2016"), "node is off");
    await says(page.locator("#problems"), "pve02 is off.");
    await says(page.getByRole("status"), "pve02 is off.");
    await page.getByLabel("Move on by").selectOption({ label: "1 min" });
    await button("Move on").press("Space");
    await says(host("pve01"), "2 of 3 votes, needs 2", "pve01 and the QDevice's vote");
  });

  it("moves time on until HA has started the guest on the other node", async () => {
    await page.getByLabel("Move on by").selectOption({ label: "5 min" });
    await button("Move on").click();
    await says(row(GUESTS, "win2016"), "pve01", "running", "started");
    await says(page.getByRole("table", { name: /HA manager and the lab say/ }), "fence");
    await photograph(page, "node-lost");
    await page.setViewportSize({ width: 360, height: 740 });
    await photograph(page, "node-lost-phone");
    expect(await overflow(page)).toBe(0);
    expect(await breaches(page)).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it("restores the snapshot of before", async () => {
    await button("Restore: before").click();
    await page.getByRole("dialog").getByRole("button", { name: "Restore" }).click();
    await says(row(GUESTS, "win2016"), "pve02", "running");
    await says(host("pve02"), "Quorate");
  });

  it("keeps the focus, and the element that has it, while the site goes on", async () => {
    await button("Pull the cable: pve02").focus();
    const focused = await page.locator(":focus").elementHandle();
    const before = (await page.locator("#clock").textContent()) ?? "";
    await page.locator("#clock").filter({ hasNotText: before }).waitFor();
    expect(await focused?.evaluate((node) => node === node.ownerDocument.activeElement)).toBe(true);
  });

  it("says when the lab does not answer, and goes on when it does", async () => {
    await page.route("**/lab/site", (route) => route.abort());
    await says(page.getByRole("banner"), "No answer from the lab");
    await page.unroute("**/lab/site");
    await says(page.getByRole("banner"), "Live");
    watched.complaints.splice(0);
  });

  it("has complained of nothing and asked nobody but the lab", () => {
    expect(watched.complaints).toEqual([]);
    expect(watched.strangers).toEqual([]);
  });
});

describe("the lab's address", () => {
  const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${open.address}${path}`, { headers: { connection: "close", ...headers } });

  it("gives the page to anybody on this machine, and forbids it all that it does not need", async () => {
    const { status, headers } = await ask("/");
    expect(status).toBe(200);
    expect(headers.get("content-security-policy")).toBe(
      [
        ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'"],
        ...["connect-src 'self'", "base-uri 'none'", "form-action 'none'"],
        ...["frame-ancestors 'none'", "require-trusted-types-for 'script'"],
      ].join("; "),
    );
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  });

  it("gives the picture only for the token", async () => {
    expect((await ask("/lab/site")).status).toBe(401);
    const { status } = await ask("/lab/site", { authorization: `Bearer ${TOKEN}` });
    expect(status).toBe(200);
  });

  it.each(["/page.ts", "/tsconfig.json", "/%2e%2e/daemon.ts", "/nosuch.js"])(
    "does not give %s",
    async (path) => {
      expect((await ask(path)).status).toBe(404);
    },
  );
});
