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
    /** Lets the next check be due, and waits until these backends were looked at. */
    async checkUp(
      counts: Readonly<Record<string, { passed?: number; failed?: number }>>,
    ) {
      await lab.clock.advance(CHECK_EVERY_SEC * 1000);
      for (const [id, checks] of Object.entries(counts)) {
        await lab.eventually(async () => {
          expect(
            (await shown(lab.on(0), id)).checks,
            `Every ${CHECK_EVERY_SEC} s GET /health shows how ${id} is: checks passed and failed in a row`,
          ).toMatchObject(checks);
        });
      }
    },
  };
}
