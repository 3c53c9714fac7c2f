import type { HostExit } from "../types.ts";

/** Real time from "go" to listening; a reference takes 60 ms. */
export const BOOT_MS_MAX = 5_000;

/** For a process that does not listen in time. */
export function bootExit(bootMs: number): HostExit {
  return {
    reason: "timeout",
    message:
      `system.ts did not listen within ${bootMs} ms; does a loop at its top level or in the factory never ` +
      `end, or does the factory wait for something that never comes?`,
  };
}
