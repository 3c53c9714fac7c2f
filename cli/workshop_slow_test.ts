import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Report } from "@contract/report.ts";
import { solutionDir } from "./my/folders.ts";
import { readReference } from "./solutions.ts";
import { descendantsOf, stillRunning } from "./testdata/descendants.ts";
import { runCli, startCli } from "./testdata/run_cli.ts";
import { temporaryFolder } from "./testdata/temporary_folder.ts";

const SLUG = "02-url-shortener";
/** Ten times what it takes. */
const WAIT_MS_MAX = 30_000;

/** A folder in which the workshop's code is these files. */
function folderWith(files: Readonly<Record<string, string>>) {
  return temporaryFolder(Object.fromEntries(
    Object.entries(files).map(([path, text]) => [`${SLUG}/${path}`, text]),
  ));
}

async function reportOn(files: Readonly<Record<string, string>>) {
  await using my = await folderWith(files);
  const args = ["workshop", "2", "--stage", "1", "--json", "--my", my.dir];
  const { code, stdout } = await runCli(...args);
  return { code, report: JSON.parse(stdout) as Report };
}

/** Reads what a process prints until `pattern` is in it. */
async function printed(
  lines: AsyncIterator<string>,
  pattern: RegExp,
): Promise<string> {
  const limit = AbortSignal.timeout(WAIT_MS_MAX);
  let text = "";
  while (!pattern.test(text)) {
    limit.throwIfAborted();
    const { value, done } = await lines.next();
    if (done) throw new Error(`It ended without ${pattern}:\n${text}`);
    text += value;
  }
  return text;
}

function outputOf(child: Deno.ChildProcess): AsyncIterator<string> {
  return child.stdout.pipeThrough(new TextDecoderStream())
    [Symbol.asyncIterator]();
}

describe("deno task workshop", () => {
  it("copies the stub, fails its first check and says what to build", async () => {
    await using my = await temporaryFolder();
    const { code, stdout } = await runCli("workshop", "2", "--my", my.dir);
    expect(code).toBe(1);
    expect(stdout).toContain(`Copied the stub to ${my.dir}/${SLUG}`);
    expect(stdout).toMatch(/Open .*link\.ts:\d+\n/);
    expect(stdout).toContain("Stage 02.1 Shorten and redirect");
    expect(stdout).toContain("0 of 5 checks pass");
    expect(stdout.indexOf("✘ 02.1a")).toBeLessThan(stdout.indexOf("FAILED"));
    expect(await my.read(`${SLUG}/system.ts`)).toContain("export default");
    const { stages } = JSON.parse(await my.read("progress.json"));
    expect(stages).toEqual({ "02.shorten_and_redirect": { runs: 1 } });
    const kept = await Array.fromAsync(
      Deno.readDir(`${my.dir}/.history/${SLUG}`),
    );
    expect(kept.map(({ name }) => name)).toEqual([
      expect.stringMatching(/Z-failed-at-02\.1$/),
    ]);
  });

  it("passes the reference with 0 and remembers it", async () => {
    const { code, report } = await reportOn(
      await readReference(solutionDir(SLUG)),
    );
    expect(report.summary).toBe("Stage 1 Shorten and redirect passed");
    expect(report.verdict).toBe("passed");
    expect(code).toBe(0);
  });

  it("says where the syntax error is, instead of checks", async () => {
    const { code, report } = await reportOn({
      "system.ts": "export default () => {\n  const = 1;\n};\n",
    });
    expect(code).toBe(1);
    expect(report.verdict).toBe("load_error");
    expect(report.summary).toMatch(/system\.ts:2/);
    expect(report.stages[0]!.checks.map(({ status }) => status))
      .toEqual(["error", "skipped", "skipped", "skipped", "skipped"]);
  });

  it("says that the export is missing", async () => {
    const { code, report } = await reportOn({
      "system.ts": "export const system = 1;\n",
    });
    expect(code).toBe(1);
    expect(report.verdict).toBe("load_error");
    expect(report.summary).toContain("default-export a factory");
  });

  it("leaves no process behind after Ctrl-C", async () => {
    await using my = await temporaryFolder();
    const child = startCli("workshop", "2", "--my", my.dir);
    await printed(outputOf(child), /Stage 1/);
    const started = await descendantsOf(child.pid);
    expect(started.length).toBeGreaterThan(1);
    child.kill("SIGINT");
    expect((await child.status).code).toBe(130);
    expect(await new Response(child.stderr).text()).toBe("Stopped.\n");
    expect(await stillRunning(started)).toEqual([]);
    await child.stdin.close();
  });
});

describe("deno task workshop --watch", () => {
  it("runs again at a save, tells types, and ends with q", async () => {
    await using my = await temporaryFolder();
    const child = startCli("workshop", "2", "--watch", "--my", my.dir);
    const lines = outputOf(child);
    await printed(lines, /0 of 5 checks pass[\s\S]*q quit/);
    await my.write(
      `${SLUG}/system.ts`,
      'export default "no factory" as number;\n',
    );
    const second = await printed(lines, /DOES NOT LOAD[\s\S]*TS\d+/);
    expect(second).toContain("Types, beside the verdict:");
    const keys = child.stdin.getWriter();
    await keys.write(new TextEncoder().encode("q"));
    expect((await child.status).code).toBe(1);
    await keys.close().catch(() => {}); // It has ended and closed it.
    await child.stderr.cancel();
  });
});
