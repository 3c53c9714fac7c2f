/** How a process ended, as far as its parent can see. */
export interface ProcessEnd {
  readonly code: number;
  /** Also when a wrapper reported it as 128 + its number. */
  readonly signal: string | undefined;
  /** Last characters of its error output: where V8 and Deno say what they died of. */
  readonly stderr: string;
}

/** Numbers on Linux of the signals that tell reasons apart. */
const SIGNALS: Readonly<Record<number, string>> = {
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  9: "SIGKILL",
  11: "SIGSEGV",
  15: "SIGTERM",
  24: "SIGXCPU",
  25: "SIGXFSZ",
};

/** bubblewrap ends with 128 + the signal that its child died of. */
export function processEnd(
  status: Deno.CommandStatus,
  stderr: string,
): ProcessEnd {
  const signal = status.signal ?? SIGNALS[status.code - 128];
  return { code: status.code, signal: signal ?? undefined, stderr };
}
