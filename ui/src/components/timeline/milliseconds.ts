/** "0.3 ms", "1,204 ms": one decimal below 100, whole above. */
export function milliseconds(durationMs: number): string {
  const digits = durationMs < 100 ? 1 : 0;
  return `${
    durationMs.toLocaleString("en", { maximumFractionDigits: digits })
  } ms`;
}
