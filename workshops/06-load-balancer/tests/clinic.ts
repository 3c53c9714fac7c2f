import { expect, type Lab, type Reaction } from "@lab";
import { named, shown } from "./balancer.ts";

export const CHECK_EVERY_SEC = 5;

/** Backends whose health the check decides. */
export function openClinic(lab: Lab, ids: readonly string[]) {
  const diagnoses = new Map<string, Reaction>();
  for (const id of ids) {
    lab.upstream(id).script(
      [],
      ({ path }) =>
        path === "/health" ? diagnoses.get(id) ?? { status: 200 } : named(id),
    );
  }
  return {
    set(id: string, diagnosis: Reaction) {
      diagnoses.set(id, diagnosis);
    },
    /** Lets the next check be due, and waits until these backends and all others were looked at. */
    async checkUp(
      counts: Readonly<Record<string, { passed?: number; failed?: number }>>,
    ) {
      const before = await countsOf(lab, ids);
      await lab.clock.advance(CHECK_EVERY_SEC * 1000);
      for (const [id, checks] of Object.entries(counts)) {
        await lab.eventually(async () => {
          expect(
            (await shown(lab.on(0), id)).checks,
            `Every ${CHECK_EVERY_SEC} s GET /health shows how ${id} is: checks passed and failed in a row`,
          ).toMatchObject(checks);
        });
      }
      const isSilent = (one: Reaction) => "hold" in one && one.hold === true;
      if ([...diagnoses.values()].some(isSilent)) return;
      // Who is still looking at one of them would miss the next step of the clock.
      await lab.eventually(async () => {
        for (const [whose, now] of await countsOf(lab, ids)) {
          expect(
            now,
            `Every ${CHECK_EVERY_SEC} s GET /health shows how ${whose} is, and its counts of checks change`,
          ).not.toBe(before.get(whose));
        }
      });
    },
  };
}

/** Checks passed and failed in a row, of each backend for each instance: every check changes them. */
async function countsOf(
  lab: Lab,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const counts = new Map<string, string>();
  for (const instance of lab.instances) {
    for (const id of ids) {
      const { checks } = await shown(instance, id);
      counts.set(`${id} (for ${instance.name})`, JSON.stringify(checks));
    }
  }
  return counts;
}
