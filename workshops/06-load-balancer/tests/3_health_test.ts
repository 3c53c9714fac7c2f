import { describe } from "@std/testing/bdd";
import { check, expect, type Lab } from "@lab";
import {
  askInTurn,
  putBackends,
  setBackends,
  shown,
  tally,
  threeOf,
  visits,
} from "./balancer.ts";
import { CHECK_EVERY_SEC, openClinic } from "./clinic.ts";

/** A 2xx passes, all else fails. */
const ILL = { status: 404 } as const;
const WELL = { status: 200 } as const;

describe("06.3 Health checks", () => {
  check("06.3a", {
    title: "takes a backend out after three failed checks, back after two",
    kind: "fault",
    hint:
      "In a row: one that passes sets the failures back to 0. Ask those that are down as well, or they never come back.",
    config: { checkEverySec: CHECK_EVERY_SEC },
  }, async (lab) => {
    const [first, second] = threeOf(lab);
    const clinic = openClinic(lab, [first, second]);
    await setBackends(lab, { [first]: 1, [second]: 1 });
    const expectShare = async (count: number, rule: string) => {
      const shares = tally(await askInTurn(lab.on(0), 8));
      expect(shares[first] ?? 0, rule).toBe(count);
    };
    clinic.set(first, ILL);
    await clinic.checkUp({ [first]: { failed: 1 } });
    await clinic.checkUp({ [first]: { failed: 2 }, [second]: { passed: 2 } });
    clinic.set(first, WELL);
    await clinic.checkUp({ [first]: { passed: 1, failed: 0 } });
    clinic.set(first, ILL);
    await clinic.checkUp({ [first]: { passed: 0, failed: 1 } });
    await clinic.checkUp({ [first]: { failed: 2 } });
    await expectShare(
      4,
      "A backend that never failed three times in a row gets its half of 8",
    );
    await clinic.checkUp({ [first]: { failed: 3 } });
    await becomes(lab, first, "down");
    await expectShare(0, "After three failed checks in a row it gets none");

    clinic.set(first, WELL);
    await clinic.checkUp({ [first]: { passed: 1 } });
    await expectShare(0, "One check that passes does not bring it back");
    await clinic.checkUp({ [first]: { passed: 2 } });
    await becomes(lab, first, "up");
    await expectShare(4, "After two in a row it gets its half again");
  });

  check("06.3b", {
    title: "takes silence for a failure, and lets it hold up nobody else",
    kind: "fault",
    hint:
      "Give each check a deadline of its own (checkTimeoutMs, AbortController), and run them side by side.",
    config: { checkEverySec: CHECK_EVERY_SEC, checkTimeoutMs: 1000, fall: 1 },
  }, async (lab) => {
    const [silent, second] = threeOf(lab);
    const clinic = openClinic(lab, [silent, second]);
    await setBackends(lab, { [silent]: 1, [second]: 1 });
    clinic.set(silent, { status: 200, hold: true });
    await clinic.checkUp({});
    await lab.eventually(() =>
      expect(lab.upstream(silent).held, "Every backend is asked how it is")
        .toBe(1)
    );
    await lab.eventually(async () => {
      expect(
        (await shown(lab.on(0), second)).checks.passed,
        "While one backend is silent the others are looked at all the same",
      ).toBe(1);
    }, { withinMs: 700 });
    expect(
      (await shown(lab.on(0), silent)).inFlight,
      "A health check is no request under way",
    ).toBe(0);
    await becomes(lab, silent, "down");
    expect(
      tally(await askInTurn(lab.on(0), 4)),
      "After checkTimeoutMs of silence a check has failed",
    ).toEqual({ [second]: 4 });
    lab.upstream(silent).release();
    clinic.set(silent, WELL);
    await clinic.checkUp({ [silent]: { passed: 1 } });
    await clinic.checkUp({ [silent]: { passed: 2 } });
    await becomes(lab, silent, "up");
  });

  check("06.3c", {
    title: "says 503 at once when all are down, and recovers by itself",
    kind: "fault",
    hint:
      "An empty choice is an answer, not an exception; nobody restarts a balancer because its backends were ill.",
    config: { checkEverySec: CHECK_EVERY_SEC, fall: 1, rise: 1 },
  }, async (lab) => {
    const [first, second] = threeOf(lab);
    const clinic = openClinic(lab, [first, second]);
    await setBackends(lab, { [first]: 1, [second]: 1 });
    clinic.set(first, { drop: true });
    clinic.set(second, { status: 503 });
    await clinic.checkUp({ [first]: { failed: 1 }, [second]: { failed: 1 } });
    await becomes(lab, first, "down");
    await becomes(lab, second, "down");
    await putBackends(lab, lab.on(0), { [first]: 2, [second]: 1 });
    expect(
      (await shown(lab.on(0), first)).state,
      "A new weight is no news about a backend's health",
    ).toBe("down");
    const refused = await lab.get("/x");
    expect(refused, "With all backends down the answer is 503")
      .toHaveStatus(503);
    expect(
      [refused.json?.code, refused.headers.get("retry-after")],
      "…that says why, and when to try again",
    ).toEqual(["no_backend", "1"]);
    expect(
      visits(lab.upstream(first)).length + visits(lab.upstream(second)).length,
      "A backend that is down is not asked",
    ).toBe(0);

    clinic.set(second, WELL);
    await clinic.checkUp({ [second]: { passed: 1 } });
    await becomes(lab, second, "up");
    expect(
      tally(await askInTurn(lab.on(0), 4)),
      "Once one is well again requests are served, by that one",
    ).toEqual({ [second]: 4 });
  });

  check("06.3d", {
    title: "starts a backend slowly when it comes back",
    kind: "fault",
    hint:
      "Its weight grows with the time since it came up: weight × elapsed ÷ slowStartSec, at least a tenth. After slowStartSec it is the weight again, and no more.",
    config: {
      checkEverySec: CHECK_EVERY_SEC,
      fall: 1,
      rise: 1,
      slowStartSec: 60,
    },
  }, async (lab) => {
    const [first, second] = threeOf(lab);
    const clinic = openClinic(lab, [first, second]);
    const weight = lab.random.pick([1, 10, 20]);
    await setBackends(lab, { [first]: weight, [second]: weight });
    expect(
      tally(await askInTurn(lab.on(0), 10))[first],
      "A backend that was never down gets its half of 10 from the start",
    ).toBe(5);
    clinic.set(first, ILL);
    await clinic.checkUp({ [first]: { failed: 1 } });
    await becomes(lab, first, "down");
    clinic.set(first, WELL);
    await clinic.checkUp({ [first]: { passed: 1 } });
    await becomes(lab, first, "up");

    // Shares: 0.1 ÷ 1.1 at first, 0.5 ÷ 1.5 half-way, half in the end.
    await expectShareBetween(22, 1, 4, "When it has just come back");
    await lab.clock.advance(30_000);
    await expectShareBetween(24, 6, 10, "30 s later, half-way");
    await lab.clock.advance(30_000);
    await expectShareBetween(20, 9, 11, "After slowStartSec");
    // Nothing may be left that grows: at five times its weight it would get 16.
    await lab.clock.advance(240_000);
    await expectShareBetween(20, 9, 11, "4 minutes later, still");
    // Two by checkUp, one for each jump of the clock, and perhaps one that is due where it lands.
    const checks = lab.upstream(first).calls
      .filter(({ path }) => path === "/health").length;
    expect(
      checks,
      `When the clock has jumped over several checks one is made, and not all of them; there were ${checks}`,
    ).toBeLessThanOrEqual(8);

    async function expectShareBetween(
      ...[count, low, high, when]: [number, number, number, string]
    ) {
      const share = tally(await askInTurn(lab.on(0), count))[first] ?? 0;
      const rule =
        `${when} a backend of two with equal weights gets ${low} to ${high} of ${count} requests; it got ${share}`;
      expect(share, rule).toBeGreaterThanOrEqual(low);
      expect(share, rule).toBeLessThanOrEqual(high);
    }
  });
});

async function becomes(lab: Lab, id: string, state: string): Promise<void> {
  await lab.eventually(async () => {
    expect(
      (await shown(lab.on(0), id)).state,
      `By these checks ${id} is ${state}`,
    ).toBe(state);
  });
}
