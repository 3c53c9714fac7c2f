import {
  type CheckReport,
  type Report,
  REPORT_BYTES_MAX,
} from "@contract/report.ts";
import { TRACE_ROWS_MAX } from "@contract/trace.ts";
import { lastExchanges } from "./lab/evidence/last_exchanges.ts";

/** Kept of each failing check and of the output, one try after the other until the report fits. */
const STEPS = [
  { traceRows: TRACE_ROWS_MAX, logLines: 200, outputChars: 64 * 1024 },
  { traceRows: 100, logLines: 100, outputChars: 32 * 1024 },
  { traceRows: 30, logLines: 30, outputChars: 8 * 1024 },
  { traceRows: 0, logLines: 5, outputChars: 2 * 1024 },
];

/** Makes a report fit into its bound: the last rows, lines and characters stay, since they explain the failure. */
export function shortenReport(report: Report): Report {
  let shorter = report;
  for (const step of STEPS) {
    shorter = shortened(report, step);
    if (bytesOf(shorter) <= REPORT_BYTES_MAX) return shorter;
  }
  return { ...shorter, output: "", isOutputTruncated: true };
}

function shortened(report: Report, step: typeof STEPS[number]): Report {
  return {
    ...report,
    output: report.output.slice(-step.outputChars),
    isOutputTruncated: report.isOutputTruncated ||
      report.output.length > step.outputChars,
    stages: report.stages.map((stage) => ({
      ...stage,
      checks: stage.checks.map((check) => shortenCheck(check, step)),
    })),
  };
}

function shortenCheck(
  check: CheckReport,
  { traceRows, logLines }: typeof STEPS[number],
): CheckReport {
  if (check.failure === undefined) return check;
  const { trace, logs } = check.failure;
  return {
    ...check,
    failure: {
      ...check.failure,
      trace: lastExchanges(trace, traceRows),
      logs: logs.slice(Math.max(0, logs.length - logLines)),
    },
  };
}

function bytesOf(report: Report): number {
  return new TextEncoder().encode(JSON.stringify(report)).length;
}
