import { CheckFailure, type Instance, type Lab } from "@lab";

/** The contract gives an edit 2 s to be known everywhere; a busy machine gets as much again. */
const KNOWN_MS = 4000;
/** More than anybody waits between two looks at the list. */
const STEP_MS = 60_000;
/** Too short for whoever looks by real time, and did not in KNOWN_MS. */
const MOVED_MS = 500;

/** Looks until an instance knows an edit. If it never does, the failure says whether it was waiting for the clock. */
export async function untilKnown<T>(
  lab: Lab,
  { name }: Pick<Instance, "name">,
  look: () => Promise<T>,
): Promise<T> {
  try {
    return await lab.eventually(look, { withinMs: KNOWN_MS });
  } catch (error) {
    if (!(error instanceof CheckFailure)) throw error;
    lab.note("the clock is moved, to see whether that was waited for");
    await lab.clock.advance(STEP_MS);
    const cameThen = await lab.eventually(look, { withinMs: MOVED_MS })
      .then(() => true, () => false);
    if (!cameThen) throw error;
    throw new CheckFailure({
      ...error.details,
      onlyHint:
        `${name} did hear of the edit, but only when this check had moved the clock. The clock stands still, and so does a loop that waits by it: wait for the next look in real time, by setTimeout.`,
    }, { cause: error });
  }
}
