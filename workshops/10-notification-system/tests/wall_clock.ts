/** What clocks on walls show, found by looking at them again and again. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** "23:05" at this moment in this zone. */
export function wallTime(atMs: number, tz: string): string {
  return format(tz, { hour: "2-digit", minute: "2-digit" }).format(atMs);
}

/** The next moment, a full minute, at which the wall shows this time. */
export function nextWallTime(afterMs: number, tz: string, time: string) {
  let atMs = Math.floor(afterMs / MINUTE_MS + 1) * MINUTE_MS;
  while (wallTime(atMs, tz) !== time) atMs += MINUTE_MS;
  return atMs;
}

/** The next moment at which the clocks of this zone are set forward or back. */
export function nextClockChange(afterMs: number, tz: string): number {
  let atMs = Math.ceil(afterMs / HOUR_MS) * HOUR_MS;
  while (offset(atMs + HOUR_MS, tz) === offset(atMs, tz)) atMs += HOUR_MS;
  return atMs + HOUR_MS;
}

/** How far the wall is from UTC, as minutes modulo a day. */
function offset(atMs: number, tz: string): number {
  const [hours, minutes] = wallTime(atMs, tz).split(":");
  const wallMin = Number(hours) * 60 + Number(minutes);
  return (wallMin - atMs / MINUTE_MS % 1440 + 1440) % 1440;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(tz: string, fields: Intl.DateTimeFormatOptions) {
  let known = formats.get(tz);
  if (known === undefined) {
    known = new Intl.DateTimeFormat("en-GB", { timeZone: tz, ...fields });
    formats.set(tz, known);
  }
  return known;
}
