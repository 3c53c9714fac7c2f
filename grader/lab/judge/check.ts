import { after, it } from "@std/testing/bdd";
import { renderFailure } from "../../render/mod.ts";
import { CheckSession } from "./check_session.ts";
import type { CheckOptions, Lab } from "../types.ts";

let session: CheckSession | undefined;

/**
 * Registers one check of a stage, inside `describe`. The body gets a lab with the system under test running, and
 * throws when a promise is broken; `expect` does that for it.
 *
 * A check ends in one of three ways: pass, fail, or inconclusive (`lab.inconclusive`, a gate that held nobody, a
 * machine that was too slow), which is tried again with another seed, twice. Besides it may run out of time, or the
 * code under test may break down.
 *
 * @example
 * ```ts
 * describe("03.4 Distributed", () => {
 *   check("03.4a", {
 *     title: "admits exactly the limit, however the instances race",
 *     kind: "race",
 *     hint: "Check and count in one step: INCR, or a Lua script.",
 *     instances: 2,
 *   }, async (lab) => {
 *     const answers = await lab.holdWrites("redis", () => lab.burst(20, (i) => lab.on(i).get("/api/x")));
 *     expect(answers.statuses, "Of 20 requests in one window exactly 10 may pass").toEqual({ 200: 10, 429: 10 });
 *   });
 * });
 * ```
 *
 * @param id Of the manifest: "03.4a".
 * @param options What the check needs; see {@link CheckOptions}.
 * @param body Runs in real time of `options.timeoutMs` at most.
 */
export function check(
  id: string,
  options: CheckOptions,
  body: (lab: Lab) => Promise<void>,
): void {
  const checks = session ??= openSession();
  const registered = { id, options, body };
  checks.register(registered);
  it(`${id} ${options.title}`, async () => {
    const report = await checks.run(registered);
    if (report === undefined || report.status === "pass") return;
    throw failedTest(renderFailure(report, { color: !Deno.noColor }));
  });
}

function openSession(): CheckSession {
  const opened = new CheckSession();
  after(() => opened.close());
  return opened;
}

/** Deno prints an error's message and then what of its stack is not in it; our own stack would only point into the lab. */
function failedTest(text: string): Error {
  const error = new Error(text.split("\n", 1)[0]);
  error.stack = text;
  return error;
}
