import type { CheckReport, Failure } from "@contract/report.ts";
import type { CheckStatus, ExitReason } from "@contract/verdict.ts";
import { buildFailure } from "./build_failure.ts";
import { CallScope } from "../expect/call_scope.ts";
import {
  CheckFailure,
  type FailureDetails,
  Inconclusive,
} from "../expect/check_failure.ts";
import { within } from "../expect/within.ts";
import { EXIT_HINTS } from "./exit_hint.ts";
import { LearnerExit } from "../instances/learner_exit.ts";
import type { OpenLab } from "../open_lab.ts";
import { seedOfAttempt } from "../random.ts";
import type { CheckOptions, Lab } from "../types.ts";
import { GateNotReached, WriteGateFailed } from "../wire/types.ts";

const TIMEOUT_MS = 10_000;
/** An inconclusive try is repeated twice. */
const ATTEMPTS_MAX = 3;
/** Who has been without an answer for so long may ask whether there ever will be one. */
const LOOP_MS_MIN = 2_000;
const LOOP_HINT =
  "Your code kept a processor busy all that time: does a loop in it never end?";
/** What a raw connection to a system says when the other end is gone. */
const BROKEN_CONNECTIONS = [
  Deno.errors.BrokenPipe,
  Deno.errors.ConnectionReset,
  Deno.errors.ConnectionAborted,
];
/** The end of a process is known within milliseconds of the broken connection. */
const EXIT_MS_MAX = 250;

/** A check as its file registers it. */
export interface RegisteredCheck {
  readonly id: string;
  readonly options: CheckOptions;
  readonly body: (lab: Lab) => Promise<void>;
}

export interface CheckOutcome {
  readonly check: CheckReport;
  readonly exit?: ExitReason;
  readonly failedToLoad?: true;
  readonly output: string;
  readonly cpuMs: number;
  readonly peakMemoryBytes: number;
}

export interface RunCheckOptions {
  readonly seed: string;
  /** Gives a lab that is ready to boot. The first one may have been made ahead. */
  readonly openLab: (seed: string) => Promise<OpenLab>;
  /** Takes a used lab and closes it when there is time. */
  readonly closeLab: (lab: OpenLab) => void;
}

/** Runs a check until it is decided, three times at most. Never rejects for what the learner's code does. */
export async function runCheck(
  registered: RegisteredCheck,
  { seed, openLab, closeLab }: RunCheckOptions,
): Promise<CheckOutcome> {
  const startedMs = performance.now();
  const total = { output: "", cpuMs: 0, peakMemoryBytes: 0 };
  for (let attempt = 1;; attempt++) {
    const attemptSeed = seedOfAttempt(seed, attempt);
    const open = await openLab(attemptSeed);
    const verdict = await tryOnce(registered, open, attemptSeed);
    const fullDisk = verdict.status !== "pass" && await open.findFullDisk();
    const { cpuMs, peakMemoryBytes } = await open.usage();
    total.output += open.evidence.output;
    total.cpuMs += cpuMs;
    total.peakMemoryBytes = Math.max(total.peakMemoryBytes, peakMemoryBytes);
    closeLab(open);
    if (fullDisk) throw fullDisk;
    if (verdict.status === "inconclusive" && attempt < ATTEMPTS_MAX) continue;
    const { status, failure, exit, failedToLoad } = verdict;
    const { id, options: { title, kind } } = registered;
    const wallMs = Math.round(performance.now() - startedMs);
    return {
      check: { id, title, kind, status, wallMs, attempts: attempt, failure },
      ...(exit && { exit }),
      ...(failedToLoad && { failedToLoad }),
      ...total,
    };
  }
}

interface Verdict {
  readonly status: CheckStatus;
  readonly failure?: Failure;
  readonly exit?: ExitReason;
  readonly failedToLoad?: true;
}

/** Boots the system, runs the body, and judges what ended it: whatever comes first. */
async function tryOnce(
  { options, body }: RegisteredCheck,
  open: OpenLab,
  seed: string,
): Promise<Verdict> {
  const scope = new CallScope();
  const { evidence, system } = open;
  const { promise: isLate, resolve: late } = Promise.withResolvers<"late">();
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hint: string | undefined;
  const failure = (details: FailureDetails) =>
    buildFailure({
      details: { hint, ...details },
      options,
      evidence,
      seed,
      warnings: open.warnings,
    });
  try {
    await open.boot();
    evidence.begin();
    timer = setTimeout(() => late("late"), timeoutMs);
    const running = scope.run(() => body(open.lab));
    running.catch(() => {}); // After the end of its scope nobody waits for it.
    const first = await Promise.race([running, system.died, isLate]);
    if (first !== "late") return { status: "pass" };
    hint = await hintOfLoop(open);
    return {
      status: "timeout",
      failure: failure(timeoutDetails(timeoutMs, evidence.unanswered)),
    };
  } catch (error) {
    hint = await hintOfLoop(open);
    return judge(await rootCause(error, open), { open, failure });
  } finally {
    clearTimeout(timer);
    scope.end("the check is over");
  }
}

/** A process that ended tells more than the answers that it did not give. */
async function rootCause(error: unknown, open: OpenLab): Promise<unknown> {
  if (error instanceof LearnerExit || !open.evidence.hasLostCall) return error;
  const exit = await within(EXIT_MS_MAX, open.system.died)
    .catch((exit) => exit);
  return exit ?? error;
}

/** Somebody waited in vain, and not because an instance was waiting too. */
async function hintOfLoop(
  { evidence, system }: OpenLab,
): Promise<string | undefined> {
  const isWaiting = evidence.hasLostCall || evidence.unanswered.length > 0;
  if (!isWaiting || evidence.nowMs() < LOOP_MS_MIN) return undefined;
  const looks = system.instances.map((instance) => instance.isNeverIdle());
  return (await Promise.all(looks)).includes(true) ? LOOP_HINT : undefined;
}

interface Judging {
  readonly open: OpenLab;
  readonly failure: (details: FailureDetails) => Failure;
}

function judge(error: unknown, { open, failure }: Judging): Verdict {
  if (isInconclusive(error)) {
    const rule = `The check could not decide: ${(error as Error).message}`;
    return { status: "inconclusive", failure: failure({ rule }) };
  }
  if (error instanceof LearnerExit) {
    const { exit: { reason, message }, failedToLoad } = error;
    return {
      status: "error",
      failure: failure({
        rule: message,
        onlyHint: failedToLoad ? "" : EXIT_HINTS[reason],
      }),
      exit: reason,
      ...(failedToLoad && { failedToLoad }),
    };
  }
  if (error instanceof CheckFailure) {
    if (!open.system.clock.hasDrifted) {
      return { status: "fail", failure: failure(error.details) };
    }
    const rule = "The check could not decide: the machine was so slow that " +
      "lifetimes in Redis ran out in real time";
    return { status: "inconclusive", failure: failure({ rule }) };
  }
  return unexpected(error, failure);
}

/**
 * The check stumbled over what it was given, as in `answer.json.items.length` or `JSON.parse(call.body)`: what came
 * is not of the shape that the stage asks for. Any other error is the check's own.
 */
function unexpected(error: unknown, failure: Judging["failure"]): Verdict {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof TypeError || error instanceof SyntaxError) {
    return {
      status: "fail",
      failure: failure({
        expected: "answers of the shape that the stage describes",
        received: `${message}: see the last answers below`,
      }),
    };
  }
  if (BROKEN_CONNECTIONS.some((broken) => error instanceof broken)) {
    return {
      status: "fail",
      failure: failure({
        expected: "a connection that stays open",
        received: `your end of it closed: ${message}`,
      }),
    };
  }
  const stack = error instanceof Error ? error.stack : undefined;
  return {
    status: "error",
    failure: failure({
      rule: "The check itself broke; this is not your code's fault",
      received: stack ?? message,
      onlyHint: "",
    }),
  };
}

function isInconclusive(error: unknown): boolean {
  return error instanceof Inconclusive || error instanceof GateNotReached ||
    error instanceof WriteGateFailed;
}

function timeoutDetails(
  timeoutMs: number,
  unanswered: readonly string[],
): FailureDetails {
  const waited = unanswered.length === 0
    ? "it was still waiting, with every request answered"
    : `no answer to ${unanswered.slice(0, 5).join(", ")}`;
  return {
    rule: `The check ends within ${timeoutMs / 1000} s`,
    expected: "an answer to every request",
    received: waited,
  };
}
