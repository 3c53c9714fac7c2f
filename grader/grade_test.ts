import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { RunEvent } from "@contract/events.ts";
import { REPORT_BYTES_MAX } from "@contract/report.ts";
import { grade } from "./grade.ts";
import { JudgeBench } from "./judge_bench.ts";
import {
  type TemporaryStage,
  temporaryWorkshop,
} from "./testdata/temporary_workshop.ts";
import type { ScriptedCheck } from "./testdata/scripted_judge.ts";

const FIRST: TemporaryStage = { lists: ["90.1a", "90.1b"] };
const SECOND: TemporaryStage = { lists: ["90.2a"] };
const FAILURE = {
  rule: "Ten may pass",
  logs: [],
  trace: [],
  seed: "seed-1",
};

async function gradeStages(...stages: TemporaryStage[]) {
  await using workshop = await temporaryWorkshop(stages);
  return await grade(workshop.request);
}

describe("grade()", () => {
  it("passes when every listed check of every stage passed", async () => {
    await using workshop = await temporaryWorkshop([FIRST, SECOND]);
    const events: RunEvent[] = [];
    const onEvent = (event: RunEvent) => void events.push(event);
    const report = await grade({ ...workshop.request, onEvent });
    expect(report.verdict).toBe("passed");
    expect(report.summary).toBe("All 2 stages passed");
    expect(report.cpuMs).toBe(3);
    expect(report.suiteHash).toMatch(/^[0-9a-f]{16}$/);
    expect(events.map(({ kind }) => kind)).toEqual([
      "run_started",
      ...["stage_started", "check_started", "check_finished"],
      ...["check_started", "check_finished", "stage_finished"],
      ...["stage_started", "check_started", "check_finished"],
      ...["stage_finished", "run_finished"],
    ]);
  });

  it("stops at the first failing stage and is partial after a passed one", async () => {
    const report = await gradeStages(FIRST, {
      lists: ["90.2a"],
      script: [{ id: "90.2a", status: "fail", failure: FAILURE }],
    }, { lists: ["90.3a"] });
    expect(report.verdict).toBe("partial");
    expect(report.summary).toBe("Stage 2 Stage 2: Ten may pass");
    expect(report.stages.map(({ status }) => status))
      .toEqual(["passed", "failed", "skipped"]);
  });

  it("runs stages in the asked order and fails when none passed", async () => {
    await using workshop = await temporaryWorkshop([FIRST, {
      lists: ["90.2a"],
      script: [{ id: "90.2a", status: "fail" }],
    }]);
    const report = await grade({ ...workshop.request, stages: [2, 1] });
    expect(report.verdict).toBe("failed");
    expect(report.stages.map(({ number, status }) => [number, status]))
      .toEqual([[2, "failed"], [1, "skipped"]]);
  });

  it("runs the asked checks only, and what it leaves out is no pass", async () => {
    await using workshop = await temporaryWorkshop([FIRST]);
    const report = await grade({ ...workshop.request, checks: ["90.1b"] });
    expect(report.stages[0]!.checks.map(({ id, status }) => [id, status]))
      .toEqual([["90.1a", "skipped"], ["90.1b", "pass"]]);
    expect(report.verdict).not.toBe("passed");
  });

  it("says what the code did when its process ended by itself", async () => {
    const exits = ["forbidden", "memory", "output_limit", "crashed", "timeout"];
    for (const exit of exits as NonNullable<ScriptedCheck["exit"]>[]) {
      const script: ScriptedCheck[] = [{ id: "90.2a", status: "error", exit }];
      const report = await gradeStages({ lists: ["90.1a"] }, {
        lists: ["90.2a"],
        script,
      });
      expect(report.verdict).toBe(exit);
    }
  });

  it("reports code that does not load before and instead of checks", async () => {
    const rule = "system.ts has a syntax error at 3:7";
    const report = await gradeStages({
      lists: ["90.1a", "90.1b"],
      script: [{
        id: "90.1a",
        status: "error",
        exit: "load_error",
        failure: { ...FAILURE, rule },
      }, { id: "90.1b", hangs: true }],
    }, SECOND);
    expect(report.verdict).toBe("load_error");
    expect(report.summary).toBe(rule);
    expect(report.stages[0]!.checks.map(({ status }) => status))
      .toEqual(["error", "skipped"]);
  });

  it("never charges an inconclusive check, and never passes it", async () => {
    const inconclusive: TemporaryStage = {
      lists: ["90.1a"],
      script: [{ id: "90.1a", status: "inconclusive" }],
    };
    const alone = await gradeStages(inconclusive, SECOND);
    expect(alone.verdict).toBe("infra_error");
    expect(alone.stages[1]!.status).toBe("passed");
    const withFailure = await gradeStages(inconclusive, {
      lists: ["90.2a"],
      script: [{ id: "90.2a", status: "fail" }],
    });
    expect(withFailure.verdict).toBe("failed");
  });

  it("shortens a report that is too large, and says so", async () => {
    const trace = Array.from({ length: 300 }, (_, index) => ({
      atMs: index,
      kind: "redis" as const,
      text: "x".repeat(200),
    }));
    const lists = ["90.1a", "90.1b", "90.1c", "90.1d", "90.1e"];
    const report = await gradeStages({
      lists,
      script: lists.map((id) => ({
        id,
        status: "fail",
        failure: { ...FAILURE, trace },
        output: "y".repeat(60_000),
      })),
    });
    const bytes = new TextEncoder().encode(JSON.stringify(report)).length;
    expect(bytes).toBeLessThanOrEqual(REPORT_BYTES_MAX);
    expect(report.isOutputTruncated).toBe(true);
    expect(report.stages[0]!.checks[0]!.failure!.trace.at(-1)!.atMs).toBe(299);
  });
});

describe("grade() never passes what was not checked", () => {
  it("a listed check that is not registered", async () => {
    const report = await gradeStages({
      lists: ["90.1a", "90.1b"],
      script: [{ id: "90.1a" }],
    });
    expect(report.verdict).toBe("infra_error");
    expect(report.summary).toContain("90.1b");
  });

  it("no checks at all", async () => {
    const report = await gradeStages({ lists: ["90.1a"], script: [] });
    expect(report.verdict).toBe("infra_error");
    expect(report.summary).toContain("registers no checks");
  });

  it("a file without a judge", async () => {
    const file = `Deno.test("empty", () => {});`;
    const report = await gradeStages({ lists: ["90.1a"], file });
    expect(report.verdict).toBe("infra_error");
    expect(report.summary).toContain("did not load");
  });

  it("a file that does not load, with its reason", async () => {
    const file = `import "./nowhere.ts";`;
    const report = await gradeStages({ lists: ["90.1a"], file });
    expect(report.verdict).toBe("infra_error");
    expect(report.summary).toContain("nowhere.ts");
  });

  it("a judge that dies in between", async () => {
    const report = await gradeStages({ ...FIRST, dieAfter: 1 }, SECOND);
    expect(report.verdict).toBe("infra_error");
    expect(report.summary).toContain("before 90.1b had finished (exit code 1)");
    expect(report.stages[1]!.status).toBe("skipped");
  });

  it("a judge whose stores are gone, and says what is missing", async () => {
    const file = `import { describe } from "@std/testing/bdd";
      import { check } from "@lab";
      describe("90.1", () => {
        check("90.1a", { title: "answers", kind: "api", hint: "" }, () => {
          throw new Error("never comes to run");
        });
      });`;
    const report = await gradeStages({ lists: ["90.1a"], file }, SECOND);
    expect(report.verdict).toBe("infra_error");
    expect(report.summary).toContain("The checks broke, not your code");
    expect(report.summary).toContain(".s.PGSQL.1");
    expect(report.stages[0]!.checks[0]!.status).toBe("error");
  });

  it("a judge that does not speak JSON", async () => {
    const file = `const { socket: path } = JSON.parse(
        Deno.env.get("TRESTLE_JUDGE"));
      const connection = await Deno.connect({ transport: "unix", path });
      await connection.write(new TextEncoder().encode("ok\\n"));`;
    const report = await gradeStages({ lists: ["90.1a"], file });
    expect(report.verdict).toBe("infra_error");
    expect(report.summary).toContain("wrote no JSON line");
  });
});

describe("grade() ends", () => {
  const hanging: TemporaryStage = {
    lists: ["90.1a"],
    script: [{ id: "90.1a", hangs: true }],
  };

  it("as timeout when the time is up, with no process left", async () => {
    await using workshop = await temporaryWorkshop([hanging]);
    const report = await grade({ ...workshop.request, wallMsMax: 1500 });
    expect(report.verdict).toBe("timeout");
    expect(await processesNaming(workshop.request.workshopDir)).toBe(0);
  });

  it("without a word against the check that was under way when the time was up", async () => {
    await using workshop = await temporaryWorkshop([{
      lists: ["90.1a", "90.1b", "90.1c"],
      script: [
        { id: "90.1a" },
        { id: "90.1b", hangs: true },
        { id: "90.1c" },
      ],
    }]);
    const report = await grade({ ...workshop.request, wallMsMax: 3000 });
    expect(report.summary).toBe(
      "The run took too long and was ended during 90.1b title of 90.1b; nothing is known to be wrong",
    );
    expect(report.stages[0]!.status).toBe("inconclusive");
    expect(report.stages[0]!.checks.map(({ status }) => status))
      .toEqual(["pass", "inconclusive", "skipped"]);
  });

  it("with what failed before the time was up", async () => {
    await using workshop = await temporaryWorkshop([{
      lists: ["90.1a", "90.1b"],
      script: [
        { id: "90.1a", status: "fail", failure: FAILURE },
        { id: "90.1b", hangs: true },
      ],
    }]);
    const report = await grade({ ...workshop.request, wallMsMax: 3000 });
    expect(report.verdict).toBe("timeout");
    expect(report.summary).toBe("Stage 1 Stage 1: Ten may pass");
  });

  it("before its first check when the judge takes all the time", async () => {
    const file = "await new Promise(() => setInterval(() => {}, 1000));";
    await using workshop = await temporaryWorkshop([
      { lists: ["90.1a"], file },
    ]);
    const report = await grade({ ...workshop.request, wallMsMax: 500 });
    expect(report.summary).toBe(
      "The run took too long and was ended before its first check; nothing is known to be wrong",
    );
  });

  it("as canceled when the caller aborts, with no process left", async () => {
    await using workshop = await temporaryWorkshop([hanging, SECOND]);
    const caller = new AbortController();
    const report = await grade({
      ...workshop.request,
      signal: caller.signal,
      onEvent: ({ kind }) => kind === "check_started" && caller.abort(),
    });
    expect(report.verdict).toBe("canceled");
    expect(await processesNaming(workshop.request.workshopDir)).toBe(0);
  });
});

describe("JudgeBench", () => {
  it("keeps a judge waiting, so that a run does not start one", async () => {
    await using workshop = await temporaryWorkshop([{ lists: ["90.1a"] }]);
    const { workshopDir, workshop: { stages } } = workshop.request;
    await using bench = new JudgeBench(workshop.request);
    bench.prepare(stages[0]!);
    await bench.ready();
    // It has loaded its file, so what the file says by now does not matter.
    const path = `${workshopDir}/tests/1_stage_test.ts`;
    await Deno.writeTextFile(path, "throw new Error('loaded again')");
    const report = await grade(workshop.request, bench);
    expect(report.verdict).toBe("passed");
  });
});

/** Processes whose command line or environment names the path. */
async function processesNaming(path: string): Promise<number> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "args"] })
    .output();
  return new TextDecoder().decode(stdout).split("\n")
    .filter((line) => line.includes(path)).length;
}
