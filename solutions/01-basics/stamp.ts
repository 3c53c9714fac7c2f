/** 01.7: the version of a register: who is newer, wherever it was written. */

export interface Stamp {
  readonly counter: number;
  /** Different for each write, so that no two have the same stamp: not even two of one instance. */
  readonly writer: string;
}

/** Newer than everything that was seen. */
export function nextStamp(
  newest: Stamp | undefined,
  instance: string,
): Stamp {
  const counter = (newest?.counter ?? 0) + 1;
  return { counter, writer: `${instance}-${crypto.randomUUID().slice(0, 8)}` };
}

/** The order that `replica.ts` asks the database for, too: by counter, then by the bytes of the writer's name. */
export function isNewer(one: Stamp, other: Stamp | undefined): boolean {
  if (other === undefined) return true;
  if (one.counter !== other.counter) return one.counter > other.counter;
  return one.writer > other.writer;
}

export function textOfStamp({ counter, writer }: Stamp): string {
  return `${counter}.${writer}`;
}

/** Takes it with or without the quotes of an ETag. */
export function parseStamp(text: string): Stamp | undefined {
  const [, counter, writer] = /^"?(\d{1,9})\.([A-Za-z0-9-]+)"?$/.exec(text) ??
    [];
  if (counter === undefined || writer === undefined) return undefined;
  return { counter: Number(counter), writer };
}
