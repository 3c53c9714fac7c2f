import { type Lab, within } from "@lab";

/** Random bytes, all 256 values. */
export function randomBytes(lab: Lab, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => lab.random.integer(0, 255));
}

export async function writeAll(
  to: Deno.Conn,
  bytes: Uint8Array,
): Promise<void> {
  for (let sent = 0; sent < bytes.length;) {
    sent += await to.write(bytes.subarray(sent));
  }
}

/** How long a read waits; what does not come at all is judged like what comes wrong. */
const SILENCE_MS = 4000;

/** Reads until the other side has ended its direction; a break or a long silence counts as an end. */
export async function readBytes(from: Deno.Conn): Promise<Uint8Array> {
  const buffer = new Uint8Array(64 * 1024);
  const pieces: number[] = [];
  for (;;) {
    const read = await orNothing(from.read(buffer).catch(() => null));
    if (read === undefined || read === null) break;
    pieces.push(...buffer.subarray(0, read));
  }
  return Uint8Array.from(pieces);
}

/** Undefined when it does not come. */
export function orNothing<T>(promise: Promise<T>): Promise<T | undefined> {
  return within(SILENCE_MS, promise);
}

/** As short text that can be compared: "3000 bytes, hash 1a2b3c4d". */
export function fingerprint(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return "nothing";
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return `${bytes.length} bytes, hash ${(hash >>> 0).toString(16)}`;
}
