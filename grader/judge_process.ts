import { join } from "node:path";
import type { JudgeAssignment, JudgeMessage } from "./grade_types.ts";
import { jsonLines } from "./json_lines.ts";
import { spawnJudge } from "./judge_command.ts";
import { tailOf } from "./output_tail.ts";

/** From start to plan: a cold module cache takes seconds, not half a minute. */
const PLAN_MS_MAX = 30_000;
/** A judge with nothing left to do closes its stores and ends within this. */
const END_MS_MAX = 3_000;
/** A judge that hung up without having finished is about to say why; then it is ended. */
const BREAK_MS_MAX = 1_000;
/** Kept of what a judge prints, to say why it broke. */
const STDERR_BYTES_MAX = 8 * 1024;

/** The judge, not the learner, is at fault: its file does not load, or it died. */
export class JudgeError extends Error {
  override readonly name = "JudgeError";
}

export interface JudgeOptions {
  /** Absolute path of the stage's test file. */
  readonly testFile: string;
  readonly assignment: Omit<JudgeAssignment, "socket">;
}

/** A `deno test` process of one stage file. It has loaded the file and waits for `go`. */
export interface Judge extends AsyncDisposable {
  /** The checks that the file registered, in order. Rejects with a JudgeError. */
  readonly plan: Promise<readonly PlannedCheck[]>;
  readonly isAlive: boolean;
  /** Lets the checks run; ends after the last message. Throws a JudgeError if the judge dies. Call once. */
  run(): AsyncGenerator<CheckMessage>;
}

export interface PlannedCheck {
  readonly id: string;
  readonly title: string;
}

export type CheckMessage = Extract<
  JudgeMessage,
  { kind: "check_started" | "check_finished" }
>;

/** Starts the judge of one stage. It ends when it is disposed, or when we die: its socket closes then. */
export function startJudge(options: JudgeOptions): Judge {
  return new RunningJudge(options);
}

class RunningJudge implements Judge {
  readonly plan: Promise<readonly PlannedCheck[]>;
  isAlive = true;
  readonly #testFile: string;
  readonly #socket: string;
  readonly #chosen: readonly string[] | undefined;
  readonly #listener: Deno.Listener;
  readonly #child: Deno.ChildProcess;
  readonly #ended: Promise<Deno.CommandStatus>;
  readonly #printed: Promise<string>;
  #connection: Deno.Conn | undefined;
  #messages: AsyncGenerator<unknown> | undefined;
  #isFinished = false;

  constructor({ testFile, assignment }: JudgeOptions) {
    this.#testFile = testFile;
    this.#chosen = assignment.checks;
    const name = `judge-${crypto.randomUUID().slice(0, 8)}.sock`;
    this.#socket = join(assignment.stores.runDir, name);
    this.#listener = Deno.listen({ transport: "unix", path: this.#socket });
    this.#child = spawnJudge(testFile, { ...assignment, socket: this.#socket });
    this.#printed = Promise.all([
      tailOf(this.#child.stdout, STDERR_BYTES_MAX),
      tailOf(this.#child.stderr, STDERR_BYTES_MAX),
    ]).then((streams) => streams.join("\n").trim());
    this.#ended = this.#child.status.finally(() => {
      this.isAlive = false;
      closeQuietly(this.#listener);
    });
    this.plan = this.#receivePlan();
    this.plan.catch(() => {}); // A judge started ahead may never be asked for its plan.
  }

  async *run(): AsyncGenerator<CheckMessage> {
    const planned = (await this.plan).map(({ id }) => id);
    const open = new Set(
      planned.filter((id) => this.#chosen?.includes(id) ?? true),
    );
    await this.#connection!.write(new TextEncoder().encode("go\n"));
    while (open.size > 0) {
      const message = await this.#next() as
        | Exclude<JudgeMessage, { kind: "plan" }>
        | undefined;
      if (message === undefined) {
        throw await this.#broke(
          `ended before ${[...open].join(", ")} had finished`,
        );
      }
      if (message.kind === "broke") throw new JudgeError(message.reason);
      if (message.kind === "check_finished") open.delete(message.check.id);
      this.#isFinished = open.size === 0;
      yield message;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A judge that has finished closes its stores and ends by itself; any other is told by the closing socket.
    if (!this.#isFinished) this.#hangUp();
    const timer = setTimeout(() => this.#kill(), END_MS_MAX);
    await this.#ended;
    clearTimeout(timer);
    this.#hangUp();
    await this.#printed;
    await Deno.remove(this.#socket).catch(() => {}); // The listener may have removed it.
  }

  #hangUp(): void {
    if (this.#connection) closeQuietly(this.#connection);
    closeQuietly(this.#listener);
  }

  async #receivePlan(): Promise<readonly PlannedCheck[]> {
    const timer = setTimeout(() => this.#kill(), PLAN_MS_MAX);
    try {
      this.#connection = await this.#listener.accept();
      this.#messages = jsonLines(this.#connection.readable);
      const first = await this.#next() as JudgeMessage | undefined;
      if (first?.kind === "plan") return first.checks;
    } catch (error) {
      if (this.isAlive) throw error;
    } finally {
      clearTimeout(timer);
    }
    throw await this.#broke("did not load");
  }

  async #next(): Promise<unknown> {
    try {
      return (await this.#messages!.next()).value;
    } catch (cause) {
      throw new JudgeError(`${this.#testFile} wrote no JSON line`, { cause });
    }
  }

  async #broke(what: string): Promise<JudgeError> {
    const timer = setTimeout(() => this.#kill(), BREAK_MS_MAX);
    const status = await this.#ended;
    clearTimeout(timer);
    const why = await this.#printed;
    const code = status.signal ?? `exit code ${status.code}`;
    return new JudgeError(`${this.#testFile} ${what} (${code})\n${why}`.trim());
  }

  #kill(): void {
    if (!this.isAlive) return;
    try {
      // Its own process group: also what it started.
      Deno.kill(
        Deno.build.os === "windows" ? this.#child.pid : -this.#child.pid,
        "SIGKILL",
      );
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

function closeQuietly(closable: { close(): void }): void {
  try {
    closable.close();
  } catch {
    // Closed before, by the other end or by us.
  }
}
