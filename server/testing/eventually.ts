/** So long a condition may take on a busy machine. */
const WAIT_MS_MAX = 60_000;

/** Resolves with the first value of `probe` that is neither undefined nor false; asks every 10 ms. */
export async function eventually<Value>(
  what: string,
  probe: () => Promise<Value | undefined | false>,
): Promise<Value> {
  const deadline = performance.now() + WAIT_MS_MAX;
  while (performance.now() < deadline) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`Waited ${WAIT_MS_MAX} ms in vain until ${what}`);
}
