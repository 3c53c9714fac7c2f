import type { Gate } from "./types.ts";

/** Whether the gate holds something, within 2 s; for a check that goes on either way. */
export function hasCome({ reached }: Gate): Promise<boolean> {
  return reached.then(() => true, () => false);
}
