import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { expect as labExpect } from "../expect/expect.ts";
import { FullDisk } from "../../stores/mod.ts";
import { useLabs } from "../lab_fixture.ts";
import { runCheck } from "./run_check.ts";

describe("runCheck()", () => {
  const labs = useLabs();

  it("passes what keeps its promise", async () => {
    const { check, exit, cpuMs, peakMemoryBytes } = await labs.check(
      "misdeeds",
      {},
      async (lab) => labExpect(await lab.get("/")).toHaveStatus(200),
    );
    expect(check).toMatchObject({
      id: "03.4a",
      status: "pass",
      attempts: 1,
      failure: undefined,
    });
    expect(exit).toBeUndefined();
    expect(cpuMs).toBeGreaterThan(0);
    expect(peakMemoryBytes).toBeGreaterThan(10_000_000);
  });

  it("fails with rule, calls, expected, received, hint, trace and seed", async () => {
    const { check: { status, failure } } = await labs.check(
      "misdeeds",
      {},
      async (lab) => {
        const answer = await lab.get("/", { headers: { "x-api-key": "a" } });
        labExpect(answer, "The key is over its limit").toHaveStatus(429);
      },
    );
    expect(status).toBe("fail");
    expect(failure).toMatchObject({
      rule: "The key is over its limit",
      sent: "GET / (X-Api-Key: a) to A",
      expected: "429",
      received: "GET / → 200\n  content-type: text/plain;charset=UTF-8\n  fine",
      hint: "Count and compare in one step.",
      seed: "1a2b3c4d",
    });
    expect(failure!.trace.map(({ kind, text }) => [kind, text])).toEqual([
      ["request", "GET /"],
      ["response", "→ 200"],
    ]);
  });

  it("says which stage to build next, whatever the check stumbled over", async () => {
    const { check } = await labs.check("stub", {}, async (lab) => {
      const { json } = await lab.get("/");
      labExpect(json.items.length).toBe(2);
    });
    expect(check.status).toBe("fail");
    expect(check.failure!.hint)
      .toBe("Not built yet. Stage 03.1: build the fixed window in limiter.ts");
  });

  it("fails what answers in another shape than the check reads", async () => {
    const { check } = await labs.check(
      "misdeeds",
      { config: { how: "not_json" } },
      async (lab) => {
        const { json } = await lab.get("/");
        labExpect(json.items).toHaveLength(1);
      },
    );
    expect(check.status).toBe("fail");
    expect(check.failure!.received).toContain("items");
  });

  it("fails what sends no JSON where the check parses it", async () => {
    const { check } = await labs.check(
      "misdeeds",
      { config: { how: "not_json" } },
      async (lab) => void JSON.parse((await lab.get("/")).text),
    );
    expect(check.status).toBe("fail");
    expect(check.failure!.received).toContain("JSON");
  });

  it("names the request that was never answered when time runs out", async () => {
    const { check } = await labs.check(
      "misdeeds",
      { config: { how: "hang" }, timeoutMs: 300 },
      async (lab) => void await lab.get("/orders/7"),
    );
    expect(check.status).toBe("timeout");
    expect(check.failure!.rule).toBe("The check ends within 0.3 s");
    expect(check.failure!.received)
      .toMatch(/^no answer to GET \/orders\/7 to A \(0\.\d s\)$/);
  });

  it("tells a loop that never ends from a wait", async () => {
    const hintOf = async (how: string) => {
      const { check } = await labs.check(
        "misdeeds",
        { config: { how }, timeoutMs: 2_500 },
        async (lab) => void await lab.get("/"),
      );
      return check.failure!.hint;
    };
    expect(await hintOf("loop")).toContain("does a loop in it never end?");
    expect(await hintOf("hang")).toBe("Count and compare in one step.");
  });

  it("blames the process that ended, not the answer that is missing", async () => {
    const { check, exit, failedToLoad } = await labs.check(
      "misdeeds",
      { config: { how: "exit" } },
      async (lab) => labExpect(await lab.get("/")).toHaveStatus(200),
    );
    expect([check.status, exit, failedToLoad])
      .toEqual(["error", "crashed", undefined]);
    expect(check.failure!.rule).toContain("exit code 0");
    expect(check.failure!.hint).toContain("An error that nothing catches");
  });

  it("says that and why the code did not load", async () => {
    const { check, exit, failedToLoad } = await labs.check(
      "misdeeds",
      { config: { how: "throw_at_start" } },
      () => Promise.resolve(),
    );
    expect([check.status, exit, failedToLoad])
      .toEqual(["error", "load_error", true]);
    expect(check.failure!.rule).toContain("no such table: links");
  });

  it("tries three times, with a new seed each, before it stays inconclusive", async () => {
    const words: string[] = [];
    const { check } = await labs.check("misdeeds", {}, (lab) => {
      words.push(lab.random.word());
      lab.inconclusive("The fault did not fire");
    });
    expect([check.status, check.attempts]).toEqual(["inconclusive", 3]);
    expect(new Set(words).size).toBe(3);
    expect(check.failure!.rule)
      .toBe("The check could not decide: The fault did not fire");
  });

  it("fails what closes a raw connection that a check still uses", async () => {
    const { check } = await labs.check("misdeeds", {}, async (lab) => {
      const connection = await lab.on(0).connect();
      await connection.read(new Uint8Array(1));
      for (let written = 0; written < 100; written++) {
        await connection.write(new Uint8Array(1000));
      }
    });
    expect([check.status, check.failure!.received]).toEqual(
      ["fail", expect.stringContaining("your end of it closed")],
    );
  });

  it("says so when the check itself is broken", async () => {
    const { check, exit } = await labs.check(
      "misdeeds",
      {},
      () => Promise.reject(new RangeError("off by one")),
    );
    expect([check.status, exit]).toEqual(["error", undefined]);
    // A hint is for the code under test.
    expect(check.failure!.hint).toBe("");
    expect(check.failure!.rule).toContain("not your code's fault");
  });

  it("blames nobody's code for what fails on a full disk", async () => {
    const fullDisk = new FullDisk("There is no space left");
    const runOnFullDisk = async (body: () => Promise<void>) => {
      await using lab = await labs.start("misdeeds", {});
      const options = { title: "answers", kind: "api", hint: "" } as const;
      return await runCheck({ id: "03.4a", options, body }, {
        seed: "1a2b3c4d",
        openLab: () =>
          Promise.resolve({
            ...lab,
            findFullDisk: () => Promise.resolve(fullDisk),
          }),
        closeLab: () => {},
      });
    };
    await expect(runOnFullDisk(() => Promise.resolve(labExpect(1).toBe(2))))
      .rejects.toBe(fullDisk);
    const { check } = await runOnFullDisk(() => Promise.resolve());
    expect(check.status).toBe("pass");
  });

  it("keeps what the code printed and logged", async () => {
    const { check, output } = await labs.check("echo", {}, async (lab) => {
      await lab.get("/log");
      await lab.eventually(() =>
        labExpect(lab.trace.filter(({ kind }) => kind === "log"))
          .toHaveLength(2)
      );
      labExpect(1).toBe(2);
    });
    expect(check.failure!.logs)
      .toEqual(['A: something happened {"key":"x"}', "A: printed"]);
    expect(output).toContain("A: printed\n");
  });
});
