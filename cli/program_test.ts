import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { runCli } from "./testdata/run_cli.ts";
import { temporaryFolder } from "./testdata/temporary_folder.ts";

describe("deno task", () => {
  it("explains itself and each command", async () => {
    const root = await runCli("--help");
    expect(root.code).toBe(0);
    expect(root.stdout).toMatch(/workshop .*Run the checks of a workshop/);
    const command = await runCli("diff", "--help");
    expect(command.code).toBe(0);
    expect(command.stdout).toContain("--reference");
  });

  it("ends with 2 and says what is right when used wrongly", async () => {
    await using my = await temporaryFolder();
    const rows: [args: string[], says: string][] = [
      [["frobnicate"], "unknown command 'frobnicate'"],
      [["hint"], "missing required argument 'workshop'"],
      [["workshop", "99"], 'There is no workshop "99"; there are'],
      [["workshop", "2", "--stage", "x"], "A whole number is asked for"],
      [["hint", "2", "--stage", "12"], "has the stages 1 to 8, not 12"],
      [["restore", "2", "3"], "there are 0, the newest is 1"],
      [["diff", "2", "--last"], "02-url-shortener has had no verdict yet"],
      [["diff", "2", "--reference"], "--reveal shows it now"],
      [["submit", "2"], 'needs a file "system.ts"; it has no files'],
      [["check", "2", "--only", "nothing"], "No case matches --only nothing"],
    ];
    for (const [args, says] of rows) {
      const own = args[0] === "check" ? [] : ["--my", my.dir];
      const { code, stderr } = await runCli(...args, ...own);
      expect([args, code, stderr]).toEqual([
        args,
        2,
        expect.stringContaining(says),
      ]);
    }
  });

  it("prints no colours where nobody looks", async () => {
    await using my = await temporaryFolder();
    const { stdout } = await runCli("hint", "2", "--my", my.dir);
    expect(stdout).toContain("1 Nudge");
    expect(stdout).not.toContain("\x1b[");
  });
});

describe("deno task hint", () => {
  it("unlocks one level after the other and remembers", async () => {
    await using my = await temporaryFolder();
    const levels = ["1 Nudge", "2 Concept", "3 Near-code"];
    for (const count of [1, 2, 3]) {
      const { stdout } = await runCli("hint", "2", "--my", my.dir);
      expect(levels.filter((level) => stdout.includes(level)))
        .toEqual(levels.slice(0, count));
    }
    const { hints } = JSON.parse(await my.read("progress.json"));
    expect(hints).toEqual({ "02.shorten_and_redirect": 3 });
  });
});

describe("deno task reset and restore", () => {
  it("give the stub and bring back what was there", async () => {
    await using my = await temporaryFolder({
      "02-url-shortener/system.ts": "// mine\n",
      "02-url-shortener/extra.ts": "// also mine\n",
    });
    const reset = await runCli("reset", "2", "--my", my.dir);
    expect(reset.code).toBe(0);
    const [, name] = /deno task restore 2 (\S+)/.exec(reset.stdout)!;
    expect(await my.read("02-url-shortener/system.ts"))
      .toContain("export default");
    const list = await runCli("restore", "2", "--my", my.dir);
    expect(list.stdout).toMatch(new RegExp(` 1 .*before reset +${name}\n`));
    await runCli("restore", "2", name!, "--my", my.dir);
    expect(await my.read("02-url-shortener/system.ts")).toBe("// mine\n");
    expect(await my.read("02-url-shortener/extra.ts")).toBe("// also mine\n");
    // What was there before the restore is now the newest.
    await runCli("restore", "2", "1", "--my", my.dir);
    expect(await my.read("02-url-shortener/system.ts"))
      .toContain("export default");
  });
});

describe("deno task reset", () => {
  it("keeps progress and says so, or forgets it with --progress", async () => {
    const progress = JSON.stringify({
      version: 1,
      stages: { "02.shorten_and_redirect": { runs: 1 } },
    });
    await using my = await temporaryFolder({ "progress.json": progress });
    const kept = await runCli("reset", "2", "--my", my.dir);
    expect(kept.stdout).toContain("stays passed");
    expect(await my.read("progress.json")).toBe(progress);
    await runCli("reset", "2", "--progress", "--my", my.dir);
    expect(JSON.parse(await my.read("progress.json")).stages).toEqual({});
  });
});

describe("deno task progress", () => {
  it("merges the file of another machine", async () => {
    const other = JSON.stringify({
      version: 1,
      stages: {
        "02.shorten_and_redirect": { passedAt: "2026-01-01T00:00:00Z" },
      },
    });
    await using my = await temporaryFolder({ "other.json": other });
    const { stdout } = await runCli(
      ...["progress", "--merge", `${my.dir}/other.json`, "--my", my.dir],
    );
    expect(stdout).toContain("■□□□□□□□  stage 2 Codes that never meet");
  });
});
