/** The workers: `config.workers` calls per provider at once. */
import type { Context } from "@contract/system.ts";
import type { Deliver } from "./deliver.ts";
import type { Queue } from "./queue.ts";

export interface Sender {
  /** Something may be due. */
  wake(): void;
  /** Resolves when nothing is under way any more. */
  stopped(): Promise<void>;
}

/** Starts to look for work: every 50 ms or oftener, and when it is woken, until `context.signal` aborts. */
export function startSender(
  _context: Context,
  _parts: { readonly queue: Queue; readonly deliver: Deliver },
): Sender {
  // TODO 10.2: claim, deliver, again. 10.3: who is next, and who may hold up whom? 10.8: bulk at its pace.
  return { wake() {}, stopped: () => Promise.resolve() };
}
