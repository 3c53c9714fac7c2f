/**
 * Puts `Date` on the run's clock: without arguments, `Date.now()` and `Date()`. The safety net for code that
 * does not ask `context.clock`. `performance.now()` and timers stay real.
 */
export function installVirtualDate(now: () => number): void {
  const RealDate = Date;
  function VirtualDate(this: unknown, ...parts: unknown[]): Date | string {
    if (new.target === undefined) return new RealDate(now()).toString();
    const given = parts.length === 0 ? [now()] : parts;
    return Reflect.construct(RealDate, given, new.target) as Date;
  }
  Object.defineProperty(VirtualDate, "name", { value: "Date" });
  Object.defineProperty(VirtualDate, "length", { value: RealDate.length });
  VirtualDate.prototype = RealDate.prototype;
  VirtualDate.now = () => Math.trunc(now());
  VirtualDate.parse = RealDate.parse;
  VirtualDate.UTC = RealDate.UTC;
  // `new (new Date()).constructor()` would otherwise lead back to the machine's time.
  RealDate.prototype.constructor = VirtualDate as unknown as DateConstructor;
  globalThis.Date = VirtualDate as unknown as DateConstructor;
}
