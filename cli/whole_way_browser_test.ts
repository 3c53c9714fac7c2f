import { join } from "node:path";
import { after, before, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { type Browser, chromium, type Page } from "playwright-core";
import { applyMutant, readMutants } from "./check/mutants.ts";
import { solutionDir } from "./my/folders.ts";
import { readReference } from "./solutions.ts";
import { openKit, type Started } from "./testdata/open_kit.ts";
import { temporaryFolder } from "./testdata/temporary_folder.ts";

const CHROMIUM = "/usr/bin/chromium";
const HAS_CHROMIUM = await Deno.stat(CHROMIUM).then(() => true, () => false);
/** All stages of a reference, on a busy machine. */
const RUN_MS_MAX = 120_000;

// Without a browser this says so in its name, because the runner prints no reason.
const name = HAS_CHROMIUM
  ? "From start to a drawn timeline"
  : `From start to a drawn timeline (skipped: no ${CHROMIUM})`;

describe(name, { skip: !HAS_CHROMIUM, concurrency: false }, () => {
  let kit: Awaited<ReturnType<typeof openKit>>;
  let started: Started;
  let browser: Browser;
  let page: Page;
  before(async () => {
    kit = await openKit();
    started = await kit.start();
    const link = await started.line(/http:\S+enter\?token=[\w-]+/);
    await started.line(/Ready to grade/);
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        ...["--no-sandbox", "--disable-gpu", "--no-first-run"],
        ...["--disable-background-networking", "--disable-component-update"],
      ],
    });
    page = await browser.newPage();
    page.setDefaultTimeout(RUN_MS_MAX);
    await page.goto(link);
    await page.getByRole("heading", { name: "Workshops" }).waitFor();
  });
  after(async () => {
    await browser?.close();
    await started?.[Symbol.asyncDispose]();
    await kit?.[Symbol.asyncDispose]();
  });

  it("turns green live, stage by stage, for a right solution", async () => {
    await using my = await folderWith("03-rate-limiter");
    await openWorkshop("03-rate-limiter");

    const submitted = kit.run("submit", "3", "--my", my.dir);
    const verdict = page.locator(".verdict");
    await verdict.getByText("Stage 2: Token bucket").waitFor();
    const isOver = await verdict.getByText("All 8 stages passed").count();
    await verdict.getByText("All 8 stages passed").waitFor();

    expect(isOver).toBe(0);
    expect((await submitted).code).toBe(0);
    const bays = page.getByRole("navigation", { name: "Stages" })
      .locator("[data-status=passed]");
    expect(await bays.count()).toBe(8);
  });

  it("draws the interleaving that a wrong solution failed by", async () => {
    await using my = await folderWith("02-url-shortener", "check_then_insert");
    await openWorkshop("02-url-shortener");

    const { code, stdout } = await kit.run("submit", "2", "--my", my.dir);
    await page.locator(".verdict").getByText("Partly passed").waitFor();
    await page.getByText("before any write of it took effect").waitFor();
    const article = await page.getByRole("article").first().textContent();

    expect(code).toBe(1);
    expect(stdout).toContain("02.3a gives an alias to exactly one of twenty");
    expect(article).toContain("A and B read");
    expect(article).toContain("SELECT 1 FROM links");
    expect(article).toContain("INSERT INTO links");
  });

  async function openWorkshop(slug: string): Promise<void> {
    await page.goto(new URL(`/workshops/${slug}`, page.url()).href);
    await page.getByText("Nothing submitted yet").waitFor();
  }
});

/** A learner's folder with the reference in it, or with a wrong solution. */
async function folderWith(slug: string, mutant?: string) {
  const dir = solutionDir(slug);
  const reference = await readReference(dir);
  const wrong = (await readMutants(dir)).find(({ name }) => name === mutant);
  const files = wrong ? applyMutant(wrong, reference) : reference;
  return await temporaryFolder(
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [join(slug, path), text]),
    ),
  );
}
