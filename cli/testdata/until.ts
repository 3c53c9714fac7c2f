/** Until a started kit answers, on a busy machine that prepares its stores. */
const WAIT_MS_MAX = 60_000;

/** Looks every 20 ms until it is so; throws with the words of `what` after a minute. */
export async function until(
  what: string,
  isSo: () => Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + WAIT_MS_MAX;
  while (!await isSo()) {
    if (performance.now() > deadline) throw new Error(`In vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
