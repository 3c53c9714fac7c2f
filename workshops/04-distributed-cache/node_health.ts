/** Whether another node answers: a client must not be sent to one that does not. */
import type { Context } from "@contract/system.ts";

/** Every instance answers a GET of this path; see `system.ts`. */
export const HEALTH_PATH = "/internal/health";

export interface NodeHealth {
  isAlive(node: string): Promise<boolean>;
}

export function nodeHealth(_context: Context): NodeHealth {
  // TODO 04.3
  return { isAlive: () => Promise.resolve(true) };
}
