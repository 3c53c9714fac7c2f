/** What to do next: the question with which most people open the page. */
import type { StageProgress, WorkshopSummary } from "@contract/api.ts";

export interface NextStep {
  readonly workshop: WorkshopSummary;
  readonly stage: StageProgress;
  readonly reason: "failing" | "started" | "ready" | "unready";
}

/** What is begun comes before what is new, and what is ready before what needs something else first. */
export function nextStep(
  workshops: readonly WorkshopSummary[],
): NextStep | undefined {
  const unfinished = workshops.filter((each) => !isFinished(each));
  const rules: readonly [
    NextStep["reason"],
    (workshop: WorkshopSummary) => boolean,
  ][] = [
    ["failing", ({ stages }) => stages.some(isFailing)],
    ["started", ({ stages }) => stages.some(isPassed)],
    ["ready", ({ needs }) => needs.every((need) => isMet(need, workshops))],
    ["unready", () => true],
  ];
  for (const [reason, applies] of rules) {
    const workshop = unfinished.find(applies);
    const stage = workshop?.stages.find((stage) => !isPassed(stage));
    if (workshop && stage) return { workshop, stage, reason };
  }
  return undefined;
}

/** Whether "01" (all of it) or "01.4" (that stage) is passed. */
export function isMet(
  need: string,
  workshops: readonly WorkshopSummary[],
): boolean {
  const [number, stage] = need.split(".");
  const workshop = workshops.find((each) => each.number === number);
  if (workshop === undefined) return false;
  if (stage === undefined) return isFinished(workshop);
  return workshop.stages.some((each) =>
    each.number === Number(stage) && isPassed(each)
  );
}

export function isFinished({ stages }: WorkshopSummary): boolean {
  return stages.length > 0 && stages.every(isPassed);
}

function isPassed({ status }: StageProgress): boolean {
  return status === "passed";
}

function isFailing({ status }: StageProgress): boolean {
  return status === "failing";
}
