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

/** What came, and whether the other side has ended its direction then; a break counts as an end. */
export interface Heard {
  readonly bytes: Uint8Array;
  readonly isEnded: boolean;
}

/** Reads until the other side ends, or is silent for long. */
export async function readBytes(from: Deno.Conn): Promise<Heard> {
  const buffer = new Uint8Array(64 * 1024);
  const pieces: number[] = [];
  for (;;) {
    const read = await orNothing(from.read(buffer).catch(() => null));
    if (read === undefined || read === null) {
      return { bytes: Uint8Array.from(pieces), isEnded: read === null };
    }
    pieces.push(...buffer.subarray(0, read));
  }
}

/** Undefined when it does not come. */
export function orNothing<T>(promise: Promise<T>): Promise<T | undefined> {
  return within(SILENCE_MS, promise);
}

/** As short text that can be compared: "3000 bytes, hash 1a2b3c4d, and the end". */
export function fingerprint(heard: Heard | undefined): string {
  if (heard === undefined) return "nothing";
  const { bytes, isEnded } = heard;
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  const content = `${bytes.length} bytes, hash ${(hash >>> 0).toString(16)}`;
  return isEnded ? `${content}, and the end` : `${content}, and no end`;
}

/** As text; if the end is missing, that is said as well. */
export function textOf({ bytes, isEnded }: Heard): string {
  const text = new TextDecoder().decode(bytes);
  return isEnded ? text : `${text} (and no end)`;
}
