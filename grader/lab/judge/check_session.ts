import type { CheckReport } from "@contract/report.ts";
import type { JudgeAssignment, JudgeMessage } from "../../grade_types.ts";
import { connectStores, FullDisk, startStores } from "../../stores/mod.ts";
import { type JudgeChannel, openJudgeChannel } from "./judge_channel.ts";
import { LabBench } from "./lab_bench.ts";
import {
  type LabSetting,
  localSetting,
  placeOfWorkshop,
  workshopDirOf,
} from "./lab_setting.ts";
import { newSeed } from "../random.ts";
import {
  type CheckOutcome,
  type RegisteredCheck,
  runCheck,
} from "./run_check.ts";

/** How long a judge that nobody waits for may take to end what it started. */
const CLEAN_UP_MS_MAX = 2_000;

/** All checks of one test file, with what they run on. */
export class CheckSession {
  readonly #checks: RegisteredCheck[] = [];
  readonly #assignment = readAssignment();
  readonly #opened = new AsyncDisposableStack();
  #opening: Promise<OpenSession> | undefined;

  register(check: RegisteredCheck): void {
    this.#checks.push(check);
  }

  /**
   * Runs a check; undefined when the grader wants others of this file only. Opens the session with the first check
   * that runs: by then the whole file is registered.
   */
  async run(check: RegisteredCheck): Promise<CheckReport | undefined> {
    if (!this.#chosen.includes(check)) return undefined;
    this.#opening ??= this.#open();
    const { bench, seed, say } = await this.#opening;
    const { id, options: { title } } = check;
    await say({ kind: "check_started", id, title });
    const later = this.#chosen.slice(this.#chosen.indexOf(check) + 1);
    const outcome = await runCheck(check, {
      seed,
      openLab: async (attemptSeed) => {
        const lab = await bench.take(check, attemptSeed);
        bench.prepare(later);
        // Such a check is short: the next system has no time to age, and nothing that is measured is disturbed.
        if (check.options.kind === "api" && later[0]) bench.boot(later[0]);
        return lab;
      },
      closeLab: (lab) => bench.retire(lab),
    }).catch((error) => breakDown(error, say));
    await say(finished(outcome));
    return outcome.check;
  }

  /** Ends every process and removes every file of the session. */
  async close(): Promise<void> {
    // A session that could not be opened has said so to its first check.
    await this.#opening?.catch(() => {});
    await this.#opened.disposeAsync();
  }

  async #open(): Promise<OpenSession> {
    return this.#assignment === undefined
      ? await this.#openLocally()
      : await this.#openAsJudge(this.#assignment);
  }

  get #chosen(): readonly RegisteredCheck[] {
    const wanted = this.#assignment?.checks;
    return wanted === undefined
      ? this.#checks
      : this.#checks.filter(({ id }) => wanted.includes(id));
  }

  async #openAsJudge(assignment: JudgeAssignment): Promise<OpenSession> {
    const channel = await openJudgeChannel(assignment.socket);
    this.#opened.defer(() => channel.close());
    const preparing = this.#prepareBench(channel, assignment);
    this.#endWith(channel, preparing);
    const bench = await preparing;
    await channel.go;
    return { bench, seed: assignment.seed, say: (line) => channel.say(line) };
  }

  /** While the learner is still typing there is time to make the first labs ready. */
  async #prepareBench(
    channel: JudgeChannel,
    assignment: JudgeAssignment,
  ): Promise<LabBench> {
    await channel.say({
      kind: "plan",
      checks: this.#checks.map(({ id, options: { title } }) => ({ id, title })),
    });
    const bench = await this.#openBench(assignment);
    bench.prepare(this.#chosen);
    return bench;
  }

  async #openLocally(): Promise<OpenSession> {
    const stores = this.#opened.use(
      await startStores({ onProgress: console.error }),
    );
    const seed = Deno.env.get("TRESTLE_SEED") ?? newSeed();
    const bench = await this.#openBench({
      ...localSetting(workshopDirOf(Deno.mainModule)),
      seed,
      stores: stores.address,
    });
    return { bench, seed, say: () => Promise.resolve() };
  }

  async #openBench(setting: LabSetting): Promise<LabBench> {
    const stores = this.#opened.use(connectStores(setting.stores));
    const workshopDir = workshopDirOf(Deno.mainModule);
    const place = await placeOfWorkshop(workshopDir, { setting, stores });
    const { seed } = setting;
    return this.#opened.use(new LabBench({ place, seed }));
  }

  /** A grader that hangs up wants nothing any more: leave nothing behind, and soon. */
  #endWith({ hungUp }: JudgeChannel, preparing: Promise<unknown>): void {
    hungUp.then(async () => {
      if (this.#opened.disposed) return;
      const tooLate = new Promise((resolve) =>
        setTimeout(resolve, CLEAN_UP_MS_MAX)
      );
      // What is still being opened could not be closed.
      await Promise.race([preparing.catch(() => {}), tooLate]);
      await Promise.race([this.#opened.disposeAsync(), tooLate]);
      Deno.exit(1);
    });
  }
}

function readAssignment(): JudgeAssignment | undefined {
  const json = Deno.env.get("TRESTLE_JUDGE");
  return json === undefined ? undefined : JSON.parse(json);
}

/** No check can run without a lab, or on a full disk; the grader hears why, and need not find it in what `deno test` prints. */
async function breakDown(
  error: unknown,
  say: OpenSession["say"],
): Promise<never> {
  const { message, stack } = error as Error;
  await say({
    kind: "broke",
    reason: error instanceof FullDisk ? message : stack ?? message,
  });
  throw error;
}

interface OpenSession {
  readonly bench: LabBench;
  readonly seed: string;
  readonly say: (message: JudgeMessage) => Promise<void>;
}

function finished(outcome: CheckOutcome): JudgeMessage {
  return { kind: "check_finished", ...outcome };
}
