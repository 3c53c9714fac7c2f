import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { probeFloor } from "../../sandbox/mod.ts";
import { Inconclusive } from "../expect/check_failure.ts";
import type { SystemUnderTest } from "../instances/system.ts";
import { useLabs } from "../lab_fixture.ts";
import { compareWithReference } from "./ratio.ts";
import type { RatioPlan, RatioResult } from "./types.ts";

const TRIPS = fileURLToPath(new URL("../testdata/trips", import.meta.url));

const PLAN: RatioPlan = {
  prepare: () => Promise.resolve(),
  operation: (system) => system.get("/"),
};

const { missing } = await probeFloor();
const skip = missing.length > 0 && missing.join();

describe("lab.ratio()", () => {
  const labs = useLabs();

  /** Throughput of `trips` round trips per answer, against one. */
  async function resultOf(trips: number): Promise<RatioResult> {
    await using submission = await labs.start("trips", { config: { trips } });
    const options = { config: { trips: 1 } };
    return await decided(() =>
      compareWithReference(PLAN, {
        submission: submission.system,
        startReference: async () => (await labs.start("trips", options)).system,
      })
    );
  }

  it("puts three round trips well below 0.55 of one, and says that it is three", async () => {
    const { ratio, cost } = await resultOf(3);
    expect(ratio).toBeLessThan(0.5);
    expect(cost).toBe("3 messages to the stores each, the reference sends 1");
  });

  it("puts the same code at about 1", async () => {
    expect((await resultOf(1)).ratio).toBeGreaterThan(0.75);
  });

  it("ends a reference whose twin does not start", async () => {
    const submission = {} as SystemUnderTest;
    let isEnded = false;
    const started = {
      [Symbol.asyncDispose]() {
        isEnded = true;
        return Promise.resolve();
      },
    } as unknown as SystemUnderTest;
    const starts: (() => Promise<SystemUnderTest>)[] = [
      () => Promise.reject(new Error("no memory")),
      () => new Promise((resolve) => setTimeout(() => resolve(started), 5)),
    ];
    const startReference = () => starts.shift()!();
    await expect(compareWithReference(PLAN, { submission, startReference }))
      .rejects.toThrow("no memory");
    expect(isEnded).toBe(true);
  });

  it(
    "takes a reference from a folder that is closed to the sandbox's account",
    {
      skip,
    },
    async () => {
      await using submission = await copyOfTrips(0o755);
      await using reference = await copyOfTrips(0o700);
      const { ratio } = await labs.use(submission.dir, {
        floor: "class",
        reference: reference.dir,
        config: { trips: 1 },
      }, (lab) => decided(() => lab.ratio(PLAN)));
      expect(ratio).toBeGreaterThan(0.75);
    },
  );
});

/** The result, measured again while the machine is too busy. */
async function decided(
  measure: () => Promise<RatioResult>,
): Promise<RatioResult> {
  for (let attempt = 1;; attempt++) {
    try {
      return await measure();
    } catch (error) {
      if (!(error instanceof Inconclusive) || attempt === 5) throw error;
    }
  }
}

async function copyOfTrips(
  mode: number,
): Promise<{ readonly dir: string } & AsyncDisposable> {
  const dir = await Deno.makeTempDir({ prefix: "trestle-ratio-" });
  await Deno.copyFile(join(TRIPS, "system.ts"), join(dir, "system.ts"));
  await Deno.chmod(dir, mode);
  return {
    dir,
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}
