/** The part of `Temporal.Now` that reads a clock: https://tc39.es/proposal-temporal/docs/now.html */
interface TemporalNow {
  instant(): Instant;
  timeZoneId(): string;
  zonedDateTimeISO(timeZone?: string): ZonedDateTime;
  plainDateTimeISO(timeZone?: string): unknown;
  plainDateISO(timeZone?: string): unknown;
  plainTimeISO(timeZone?: string): unknown;
}

interface Instant {
  toZonedDateTimeISO(timeZone: string): ZonedDateTime;
}

interface ZonedDateTime {
  toPlainDateTime(): unknown;
  toPlainDate(): unknown;
  toPlainTime(): unknown;
}

interface TemporalGlobal {
  readonly Now: TemporalNow;
  readonly Instant: { fromEpochMilliseconds(timeMs: number): Instant };
}

/** Puts `Temporal.Now` on the run's clock, where this Deno has it. */
export function installVirtualTemporal(now: () => number): void {
  const { Temporal } = globalThis as { Temporal?: TemporalGlobal };
  if (Temporal === undefined) return;
  const { Instant, Now } = Temporal;
  const instant = () => Instant.fromEpochMilliseconds(Math.trunc(now()));
  const zoned = (timeZone = Now.timeZoneId()) =>
    instant().toZonedDateTimeISO(timeZone);
  Object.assign(Now, {
    instant,
    zonedDateTimeISO: zoned,
    plainDateTimeISO: (timeZone?: string) => zoned(timeZone).toPlainDateTime(),
    plainDateISO: (timeZone?: string) => zoned(timeZone).toPlainDate(),
    plainTimeISO: (timeZone?: string) => zoned(timeZone).toPlainTime(),
  });
}
