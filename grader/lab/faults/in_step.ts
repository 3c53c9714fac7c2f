import type { Evidence } from "../evidence/evidence.ts";
import type { SystemUnderTest } from "../instances/system.ts";
import { openWriteGate } from "../wire/settle.ts";

/** Runs `operation` while replies of the stores are kept until nothing moves any more, and then come all at once. */
export async function inStep<T>(
  { instances }: SystemUnderTest,
  { evidence, operation }: InStepOptions<T>,
): Promise<T> {
  const proxies = instances.flatMap(({ wires }) => wires.stores);
  await using gate = openWriteGate(HOLDS_NOBODY, { proxies });
  evidence.note("fault", "replies of the stores wait for each other");
  const running = operation();
  await gate.releaseWhenSettled(running);
  return await running;
}

interface InStepOptions<T> {
  readonly evidence: Evidence;
  readonly operation: () => Promise<T>;
}

/** A gate that only brings replies into step. */
const HOLDS_NOBODY = {
  waiting: () => Promise.resolve(0),
  release: () => Promise.resolve(),
};
