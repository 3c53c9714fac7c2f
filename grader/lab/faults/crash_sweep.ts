import { CallScope } from "../expect/call_scope.ts";
import { CheckFailure, Inconclusive } from "../expect/check_failure.ts";
import { within } from "../expect/within.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { RunningInstance } from "../instances/running_instance.ts";
import type { CrashPoint, CrashSweep, SweepResult } from "./types.ts";
import type { WireMessage } from "../wire/types.ts";

const POINTS_MAX = 20;
/** A point takes less time than a process to start: while one is loaded, the next is on its way. */
const SPARES = 2;
/** An operation hears of the kill by its broken connection; one that asks another instance may wait for it. */
const OPERATION_END_MS_MAX = 2_000;

/**
 * Runs the operation again and again, each time killing the instance one message side later, until it runs
 * through without reaching its point. The order is before and after the first message, before and after the
 * second, and so on, whatever the store or upstream.
 */
export async function crashSweep(
  plan: CrashSweep,
  { instance, evidence }: {
    readonly instance: RunningInstance;
    readonly evidence: Evidence;
  },
): Promise<SweepResult> {
  const points: CrashPoint[] = [];
  const { pointsMax = POINTS_MAX } = plan;
  while (points.length < pointsMax) {
    const index = points.length;
    evidence.mark();
    // Starts while the operation runs: what is left of the restart is loading the code.
    instance.prepare(SPARES);
    await plan.before?.(index);
    const point = await crashAt(index, { plan, instance });
    if (point === undefined) break;
    points.push(point);
    const where = `${point.side} ${point.message}`;
    evidence.note("fault", `killed ${where}`, instance.name);
    await instance.restart();
    instance.prepare(SPARES);
    await verified(plan, point);
  }
  if (points.length > 0) return { points };
  throw new Inconclusive(
    `${instance.name} sent no message to a store or upstream during the operation of the crash sweep`,
  );
}

/**
 * Runs the operation with one message side armed; undefined when it ended before. After the kill its requests under
 * way end as `maybe`, which it may note, and its next call finds its scope ended.
 */
async function crashAt(
  index: number,
  { plan, instance }: {
    readonly plan: CrashSweep;
    readonly instance: RunningInstance;
  },
): Promise<CrashPoint | undefined> {
  const scope = new CallScope();
  const crashed = Promise.withResolvers<CrashPoint>();
  let sides = 0;
  let isCrashed = false;
  const hook = async ({ side, text }: WireMessage) => {
    if (isCrashed) return "drop";
    if (sides++ < index) return "pass";
    isCrashed = true;
    scope.end("the instance was killed");
    // Gone for certain before a byte more of this message moves in either direction.
    await instance.kill();
    crashed.resolve({ index, side, message: text });
    return "drop";
  };
  for (const proxy of instance.wires.all) proxy.onMessage = hook;
  try {
    const ended = scope.run(() => plan.operation(index)).catch((error) => {
      // It failed because of the kill; what the crash left behind is judged by `verify`.
      if (!isCrashed) throw error;
    });
    await Promise.race([crashed.promise, ended]);
    if (!isCrashed) return undefined;
    await within(OPERATION_END_MS_MAX, ended);
    return await crashed.promise;
  } finally {
    for (const proxy of instance.wires.all) proxy.onMessage = undefined;
  }
}

/** Says with each failure which crash it followed. */
async function verified(plan: CrashSweep, point: CrashPoint): Promise<void> {
  try {
    await plan.verify(point);
  } catch (error) {
    if (!(error instanceof CheckFailure)) throw error;
    const { hint } = error.details;
    const where = `Killed ${point.side} "${point.message}"`;
    throw new CheckFailure({
      ...error.details,
      hint: hint === undefined ? where : `${where}. ${hint}`,
    }, { cause: error });
  }
}
