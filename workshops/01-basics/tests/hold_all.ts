import type { FaultTarget, Gate, Instance, Lab, Store } from "@lab";

/** One for each connection that an instance may have to one place: a pool has ten. */
const GATES = 10;

/** Holds whatever the instance sends there, not only the next message; `reached` is about the first. */
export function holdAll(
  lab: Lab,
  instance: Instance,
  target: Store | Omit<FaultTarget, "instance">,
): Gate {
  const gates = Array.from(
    { length: GATES },
    () => lab.holdNext(instance, target, /./),
  );
  const release = () => {
    for (const gate of gates) gate.release();
  };
  return { reached: gates[0]!.reached, release, [Symbol.dispose]: release };
}
