/** Clocks on walls: what time it is for a user, and when it will be a certain time there. */

const DAY_MIN = 24 * 60;
const MINUTE_MS = 60_000;

/** "2030-01-31" where the user is. */
export function localDay(nowMs: number, tz: string): string {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: tz,
    dateStyle: "short",
  });
  return format.format(nowMs);
}

/** When the quiet hours end that are now, in milliseconds since 1970; undefined if there are none now. */
export function quietUntilMs(
  nowMs: number,
  { tz, from, to }: {
    readonly tz: string;
    readonly from: string;
    readonly to: string;
  },
): number | undefined {
  const [fromMin, toMin] = [minutesOf(from), minutesOf(to)];
  const sinceFrom = forward(fromMin, localMinutes(nowMs, tz));
  if (sinceFrom >= forward(fromMin, toMin)) return undefined;
  return nextLocalMs(nowMs, tz, toMin);
}

/**
 * The clock on the wall is set forward or back now and then, so the way to go is not the difference on its face: go
 * that far, look again, and correct what is missing.
 */
function nextLocalMs(nowMs: number, tz: string, targetMin: number): number {
  const startMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  let atMs = startMs +
    forward(localMinutes(startMs, tz), targetMin) * MINUTE_MS;
  let missingMin = forward(localMinutes(atMs, tz), targetMin);
  if (missingMin > DAY_MIN / 2) missingMin -= DAY_MIN;
  atMs += missingMin * MINUTE_MS;
  // A time that the wall skips is behind us by now: look again each minute.
  return Math.max(atMs, startMs + MINUTE_MS);
}

/** From one time of day on to another, in minutes. */
function forward(fromMin: number, toMin: number): number {
  return (toMin - fromMin + DAY_MIN) % DAY_MIN;
}

function localMinutes(atMs: number, tz: string): number {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: tz,
    hour: "2-digit",
    minute: "2-digit",
  });
  return minutesOf(format.format(atMs));
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
}
