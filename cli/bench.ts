import { cpus } from "node:os";
import Table from "cli-table3";
import { findWorkshop } from "../grader/workshops.ts";
import { measureAllStages } from "./bench/all_stages.ts";
import { measureCrashSweep } from "./bench/crash_sweep.ts";
import { measureEmptyRun } from "./bench/empty_run.ts";
import type { Measurement } from "./bench/measurement.ts";
import { measureSaveToVerdict } from "./bench/save_to_verdict.ts";
import { measureService } from "./bench/service.ts";
import { EXIT, type ExitCode } from "./exit_codes.ts";
import { onInterrupt } from "./signals.ts";
import { hasColor } from "./terminal/paint.ts";

export interface BenchOptions {
  readonly isJson?: boolean;
}

const API_STAGE = { stage: 1, kind: "api", p50MsMax: 300 };
const RACE_STAGE = { stage: 3, kind: "race, two instances", p50MsMax: 1000 };

/** Stated in the design, and not measured by this command. */
const NOT_MEASURED: readonly Measurement[] = [{
  what: "200 submissions at once",
  result: "not measured: one person's submissions replace each other",
  target: "none lost, none twice, fair order",
}];

/** `deno task bench`: Trestle's own speed beside what it promises. */
export async function bench(
  { isJson = false }: BenchOptions,
): Promise<ExitCode> {
  using interrupt = onInterrupt();
  const { signal } = interrupt;
  const found = await findWorkshop("2");
  const saves = { found, signal };
  const measures: (() => Promise<Measurement | Measurement[]>)[] = [
    () => measureSaveToVerdict({ ...saves, ...API_STAGE }),
    () => measureSaveToVerdict({ ...saves, ...RACE_STAGE }),
    () => measureEmptyRun(signal),
    () => measureCrashSweep(signal),
    () => measureAllStages(found, signal),
    () => measureService(signal),
  ];
  const rows: Measurement[] = [];
  for (const measure of measures) {
    if (signal.aborted) return EXIT.interrupted;
    rows.push(...[await measure()].flat());
  }
  rows.push(...NOT_MEASURED);
  console.log(
    isJson
      ? JSON.stringify({ machine: machineLine(), rows }, null, 2)
      : `${machineLine()}\n${tableOf(rows)}`,
  );
  return rows.every(({ isReached = true }) => isReached)
    ? EXIT.passed
    : EXIT.failed;
}

/** Figures mean something only together with the machine that they were taken on. */
function machineLine(): string {
  const model = cpus()[0]?.model ?? "unknown processor";
  const memoryGb = Math.round(Deno.systemMemoryInfo().total / 2 ** 30);
  const load = Deno.loadavg()[0]!.toFixed(1);
  return `${cpus().length} × ${model}, ${memoryGb} GB, ${Deno.build.os}, ` +
    `Deno ${Deno.version.deno}, load ${load}`;
}

function tableOf(rows: readonly Measurement[]): string {
  const table = new Table({
    head: ["what", "result", "target", ""],
    style: hasColor ? {} : { head: [], border: [] },
  });
  for (const { what, result, target, isReached } of rows) {
    const verdict = isReached === undefined ? "" : isReached ? "✔" : "✘ missed";
    table.push([what, result, target, verdict]);
  }
  return table.toString();
}
