/** 01.7: the version of a register: who is newer, wherever it was written. */
import { notImplemented } from "./problem.ts";

export interface Stamp {
  readonly counter: number;
  /** Tells writes with the same counter apart. */
  readonly writer: string;
}

/** Newer than everything that was seen. */
export function nextStamp(
  _newest: Stamp | undefined,
  _instance: string,
): Stamp {
  // TODO 01.7: no two writes may ever get the same.
  throw notImplemented("01.7 CP register", "count on in stamp.ts");
}

export function isNewer(_one: Stamp, _other: Stamp | undefined): boolean {
  // TODO 01.7: one order for all stamps, the same on all instances and in the database.
  throw notImplemented("01.7 CP register", "compare in stamp.ts");
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
