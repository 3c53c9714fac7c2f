import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { eventsOf } from "../../testdata/events_of.ts";
import { RACE_REPORT } from "../../testdata/reports.ts";
import { advanceRun, NEW_RUN, runOfReport, type RunView } from "./run_view.ts";

const EVENTS = [...eventsOf(RACE_REPORT)];

describe("advanceRun()", () => {
  it("ends where the report is", () => {
    expect(EVENTS.reduce(advanceRun, NEW_RUN)).toEqual(
      runOfReport(RACE_REPORT),
    );
  });

  it("shows a check that runs right now", () => {
    const run = after("check_started");

    expect(run.stages).toEqual([{
      number: 1,
      title: "Fixed window and headers",
      status: "running",
      checks: [{
        id: "03.1a",
        title: "keeps promise 1 of this stage",
        status: "running",
      }],
    }]);
  });

  it("puts a result in the place of its running check", () => {
    const { checks } = after("check_finished").stages[0]!;

    expect(checks.map(({ status }) => status)).toEqual(["pass"]);
  });

  it("begins anew when a worker was lost", () => {
    const lost = advanceRun(after("check_finished"), {
      kind: "lease_lost",
      attempt: 1,
    });
    const taken = advanceRun(lost, { kind: "claimed", attempt: 2 });

    expect(lost).toEqual({ phase: "queued", attempt: 2, stages: [] });
    expect(taken).toEqual({ phase: "running", attempt: 2, stages: [] });
  });

  it("does not go back into the queue for a place that is told late", () => {
    const run = after("run_started");

    expect(advanceRun(run, { kind: "queued", position: 1, etaMs: 1 })).toBe(
      run,
    );
  });

  it("says why a run was canceled", () => {
    const run = advanceRun(NEW_RUN, { kind: "canceled", reason: "superseded" });

    expect([run.phase, run.canceled]).toEqual(["canceled", "superseded"]);
  });
});

/** The run right after the first event of a kind. */
function after(kind: string): RunView {
  const end = EVENTS.findIndex((event) => event.kind === kind) + 1;
  return EVENTS.slice(0, end).reduce(advanceRun, NEW_RUN);
}
