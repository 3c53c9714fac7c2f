import {
  type CheckReport,
  type Report,
  REPORT_BYTES_MAX,
} from "@contract/report.ts";
import { TRACE_ROWS_MAX } from "@contract/trace.ts";
import { lastExchanges } from "./lab/evidence/last_exchanges.ts";

interface Step {
  readonly traceRows: number;
  readonly logLines: number;
  readonly outputChars: number;
  /** Of each line and each sentence. */
  readonly textChars: number;
}

/**
 * Kept of each failing check and of the output, one try after the other until the report fits. After the last,
 * nothing is left whose length the learner's code decides.
 */
const STEPS: readonly Step[] = [
  {
    traceRows: TRACE_ROWS_MAX,
    logLines: 200,
    outputChars: 64 * 1024,
    textChars: Infinity,
  },
  {
    traceRows: 100,
    logLines: 100,
    outputChars: 32 * 1024,
    textChars: Infinity,
  },
  { traceRows: 30, logLines: 30, outputChars: 8 * 1024, textChars: Infinity },
  { traceRows: 0, logLines: 5, outputChars: 2 * 1024, textChars: Infinity },
  { traceRows: 0, logLines: 5, outputChars: 1024, textChars: 1024 },
  { traceRows: 0, logLines: 5, outputChars: 256, textChars: 256 },
  { traceRows: 0, logLines: 1, outputChars: 64, textChars: 64 },
  { traceRows: 0, logLines: 0, outputChars: 0, textChars: 0 },
];

/** The one sentence that everybody reads is not cut below this. */
const SUMMARY_CHARS_MIN = 1024;

/** Makes a report fit into its bound: the last rows, lines and characters stay, since they explain the failure. */
export function shortenReport(report: Report): Report {
  let shorter = report;
  for (const step of STEPS) {
    shorter = shortened(report, step);
    if (bytesOf(shorter) <= REPORT_BYTES_MAX) break;
  }
  return shorter;
}

function shortened(report: Report, step: Step): Report {
  const cutChars = Math.max(0, report.output.length - step.outputChars);
  return {
    ...report,
    summary: cut(
      report.summary,
      Math.max(step.textChars, SUMMARY_CHARS_MIN),
    ),
    output: report.output.slice(cutChars),
    isOutputTruncated: report.isOutputTruncated || cutChars > 0,
    stages: report.stages.map((stage) => ({
      ...stage,
      checks: stage.checks.map((check) => shortenCheck(check, step)),
    })),
  };
}

function shortenCheck(check: CheckReport, step: Step): CheckReport {
  if (check.failure === undefined) return check;
  const { trace, logs, seed, ...texts } = check.failure;
  const entries = Object.entries(texts)
    .map(([name, text]) => [name, cut(text, step.textChars)]);
  return {
    ...check,
    failure: {
      ...Object.fromEntries(entries) as typeof texts,
      trace: lastExchanges(trace, step.traceRows),
      logs: logs.slice(Math.max(0, logs.length - step.logLines))
        .map((line) => cut(line, step.textChars)),
      seed,
    },
  };
}

function cut(text: string, chars: number): string {
  return text.length > chars ? `${text.slice(0, chars)}…` : text;
}

function bytesOf(report: Report): number {
  return new TextEncoder().encode(JSON.stringify(report)).length;
}
