import type { ExitReason } from "@contract/verdict.ts";

/** What helps when a process ended by itself; the check's own hint is about a promise that was not even reached. */
export const EXIT_HINTS: Readonly<Record<ExitReason, string | undefined>> = {
  memory:
    "What grows with the traffic belongs into the stores; a body is read in pieces, not as a whole.",
  output_limit:
    "Log what a person would want to read, once per event; a loop that logs fills any disk.",
  crashed:
    "An error that nothing catches ends the process and every request in it: catch it where it can happen.",
  forbidden:
    "Everything that a system may use is in its context: stores, peers, upstreams, clock.",
  // These say in their message what to look for.
  timeout: undefined,
  load_error: undefined,
  stopped: undefined,
};
