/**
 * Estimates: back-of-the-envelope questions with inputs drawn per seed, judged by order of magnitude.
 *
 * `workshops/NN-slug/estimates.ts` default-exports a list of them.
 *
 * @module
 */

/** Values by name, as drawn: `{ writesPerMonth: 100_000_000 }`. */
export type EstimateInputs = Readonly<Record<string, number>>;

export interface Estimate {
  /** "02.e1" */
  readonly id: string;
  /** Markdown; `{links}` stands for the drawn input of that name. */
  readonly question: string;
  /** For each input the values that a seed may draw. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly unit: string;
  readonly answer: (inputs: EstimateInputs) => number;
  /** The way to the answer, shown after answering. */
  readonly formula: string;
  /** Relative; 0.1 unless the question says otherwise, 0 for a whole number that must be exact. */
  readonly tolerance?: number;
  /** Factors by which a mix-up of units is off, and its name: `{ 8: "bits for bytes" }`. */
  readonly mixUps?: Readonly<Record<number, string>>;
}

export type EstimateJudgement =
  | { readonly status: "right" }
  | { readonly status: "wrong"; readonly reason: string };

/** Mix-ups that every question may have. */
const COMMON_MIX_UPS: Readonly<Record<number, string>> = {
  8: "bits for bytes",
  60: "minutes for seconds",
  1000: "a factor of a thousand",
  3600: "hours for seconds",
  86400: "days for seconds",
};

/** Draws each input from its values; `fraction` gives numbers from 0 up to but not including 1. */
export function drawInputs(
  estimate: Estimate,
  fraction: () => number,
): EstimateInputs {
  const drawn: Record<string, number> = {};
  for (const [name, values] of Object.entries(estimate.inputs)) {
    drawn[name] = values[Math.floor(fraction() * values.length)]!;
  }
  return drawn;
}

/** Says whether `given` is near enough and, if not, which slip explains it best. */
export function judgeEstimate(
  estimate: Estimate,
  inputs: EstimateInputs,
  given: number,
): EstimateJudgement {
  const answer = estimate.answer(inputs);
  const tolerance = estimate.tolerance ?? 0.1;
  const isNear = (value: number) =>
    Math.abs(value - answer) <= Math.abs(answer) * tolerance + 1e-9;
  if (isNear(given)) return { status: "right" };
  if (!Number.isFinite(given) || given <= 0) {
    return { status: "wrong", reason: "A positive number is asked for" };
  }
  for (
    const [factor, name] of Object.entries({
      ...COMMON_MIX_UPS,
      ...estimate.mixUps,
    })
  ) {
    if (isNear(given * Number(factor)) || isNear(given / Number(factor))) {
      return { status: "wrong", reason: `Off by a mix-up: ${name}` };
    }
  }
  const power = Math.round(Math.log10(given / answer));
  if (power !== 0 && isNear(given / 10 ** power)) {
    const direction = power > 0 ? "large" : "small";
    return {
      status: "wrong",
      reason: `The digits are right, but it is 10^${
        Math.abs(power)
      } too ${direction}`,
    };
  }
  const ratio = given / answer;
  return {
    status: "wrong",
    reason: ratio > 1
      ? `About ${ratio.toPrecision(2)} times too large`
      : `About ${(1 / ratio).toPrecision(2)} times too small`,
  };
}
