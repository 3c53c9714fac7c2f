/** Clocks on walls: what time it is for a user, and when it will be a certain time there. */

/** When the quiet hours end that are now, in milliseconds since 1970; undefined if there are none now. */
export function quietUntilMs(
  _nowMs: number,
  _hours: { readonly tz: string; readonly from: string; readonly to: string },
): number | undefined {
  // TODO 10.5: `new Intl.DateTimeFormat("en-GB", { timeZone: tz, hour: "2-digit", minute: "2-digit" })`.
  return undefined;
}
