import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Page } from "playwright-core";
import {
  browserSuite,
  launchBrowser,
  type TestBrowser,
} from "../../../testdata/browser.ts";

const suite = browserSuite("The evidence in a browser");

describe(suite.name, suite.options, () => {
  let browser: TestBrowser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser[Symbol.asyncDispose]());

  it("shows 9 on both sides above the first write", async () => {
    await using opened = await browser.open("/submissions/s-race");
    const { page } = opened;
    await page.getByRole("listbox").waitFor();

    const reads = await boxesOf(page, ".stale-value");
    const writes = await boxesOf(page, "[role=option]:has-text('SET limit')");
    const columns = new Set(reads.map(({ x }) => Math.round(x)));

    expect([reads.length, writes.length, columns.size]).toEqual([4, 4, 2]);
    expect(Math.max(...reads.map(({ y }) => y)))
      .toBeLessThan(Math.min(...writes.map(({ y }) => y)));
  });

  it("has one column of text on a narrow screen", async () => {
    await using opened = await browser.open("/submissions/s-race", {
      viewport: { width: 380, height: 800 },
    });
    const { page } = opened;
    await page.getByRole("listbox").waitFor();

    const reads = await boxesOf(page, ".stale-value");

    expect(new Set(reads.map(({ x }) => Math.round(x))).size).toBe(1);
  });

  it("is walked through by keys, from a call to its answer too", async () => {
    await using opened = await browser.open("/submissions/s-race");
    const { page } = opened;
    await page.getByRole("listbox").focus();

    await page.keyboard.press("Home");
    const first = await selectedText(page);
    await page.keyboard.press("ArrowDown");
    const second = await selectedText(page);
    await page.keyboard.press("ArrowRight");
    const answer = await selectedText(page);
    await page.keyboard.press("End");
    const last = await selectedText(page);

    expect(first).toContain("writes to redis are held");
    expect(second).toContain("GET /api/x");
    expect(answer).toContain("→ 200");
    expect(last).toContain("→ 200");
  });

  it("tells a screen reader where, when and what", async () => {
    await using opened = await browser.open("/submissions/s-race");
    const row = opened.page.getByRole("option").nth(5);

    expect(await row.textContent()).toMatch(
      /^0\.9\s*ms, Instance A, Redis\s*GET limit:alice$/,
    );
  });

  it("selects the row whose bar is clicked", async () => {
    await using opened = await browser.open("/submissions/s-race");
    const { page } = opened;

    await page.getByTitle("SET limit:alice 10 PX 60000 → OK").first().click();

    expect(await selectedText(page)).toContain("SET limit:alice");
  });

  it("folds repeats and the start until all rows are asked for", async () => {
    await using opened = await browser.open("/submissions/s-burst");
    const { page } = opened;
    const rows = page.getByRole("option");
    await rows.first().waitFor();
    const folded = await rows.count();

    await page.getByRole("button", { name: "Show all 172 rows" }).click();
    const all = await rows.count();
    await page.getByRole("button", { name: "Fold repeats" }).click();

    expect([folded < all, all, await rows.count()])
      .toEqual([true, 172, folded]);
  });

  it("scrolls a long trace in a box of its own", async () => {
    await using opened = await browser.open("/submissions/s-burst");
    const { page } = opened;

    await page.getByRole("button", { name: "Show all 172 rows" }).click();
    const [shownPx, wholePx] = await page.locator(".sequence-box")
      .evaluate(({ clientHeight, scrollHeight }) => [
        clientHeight,
        scrollHeight,
      ]);

    expect(shownPx).toBeLessThan(wholePx!);
  });

  it("is a table as well", async () => {
    await using opened = await browser.open("/submissions/s-race");
    const { page } = opened;

    await page.getByText("Table", { exact: true }).click();

    const rows = page.getByRole("table").getByRole("row");
    expect(await rows.count()).toBe(35);
    expect(await rows.filter({ hasText: "SET limit" }).first().textContent())
      .toContain("120 ms");
  });
});

async function selectedText(page: Page): Promise<string> {
  return await page.locator("[role=option][aria-selected=true]")
    .textContent() ?? "";
}

async function boxesOf(page: Page, selector: string) {
  const all = await page.locator(selector).all();
  const boxes = await Promise.all(all.map((each) => each.boundingBox()));
  return boxes.filter((box) => box !== null);
}
