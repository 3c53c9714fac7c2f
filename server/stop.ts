/** Why a process is to end. */
export type StopRequest =
  /** A person or the system asked: finish what is under way. */
  | "signal"
  /** Whoever started us is gone: end now, leave nothing behind. */
  | "orphaned";

export interface StopOptions {
  /** Also when standard input closes, as it does when the process that holds its other end dies, however it dies. */
  readonly isTied: boolean;
}

/** Resolves at the first request to stop. A second signal ends the process at once. */
export async function untilAskedToStop(
  { isTied }: StopOptions,
): Promise<StopRequest> {
  const { promise, resolve } = Promise.withResolvers<StopRequest>();
  let isAsked = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      if (isAsked) Deno.exit(130);
      isAsked = true;
      resolve("signal");
    });
  }
  if (isTied) untilStdinCloses().then(() => resolve("orphaned"));
  return await promise;
}

async function untilStdinCloses(): Promise<void> {
  for await (const _ignored of Deno.stdin.readable);
}
