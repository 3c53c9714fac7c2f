/**
 * The file through which a check sets an instance's time: eight bytes, milliseconds since 1970 as a
 * little-endian float64. One write of eight aligned bytes within a page is seen whole or not at all.
 */
export const CLOCK_BYTES = 8;

/** Sets the time of every instance that reads `path`. */
export function writeClockFile(path: string, timeMs: number): void {
  const bytes = new Uint8Array(CLOCK_BYTES);
  new DataView(bytes.buffer).setFloat64(0, timeMs, true);
  // Not writeFile: it truncates first, and an instance that reads in between would see no time.
  using file = Deno.openSync(path, { write: true, create: true, mode: 0o644 });
  file.writeSync(bytes);
}

/** Opens a clock file for reading; the returned function gives its time, 1.6 µs per call. */
export function openClockFile(path: string): () => number {
  const file = Deno.openSync(path);
  const bytes = new Uint8Array(CLOCK_BYTES);
  const view = new DataView(bytes.buffer);
  return function readClock(): number {
    file.seekSync(0, Deno.SeekMode.Start);
    file.readSync(bytes);
    return view.getFloat64(0, true);
  };
}
