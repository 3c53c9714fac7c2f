import { Command, InvalidArgumentError, Option } from "commander";
import { UnknownWorkshopError } from "../grader/workshops.ts";
import { EXIT, type ExitCode, UsageError } from "./exit_codes.ts";
import { hasColor } from "./terminal/paint.ts";

const WORKSHOP = "number or name of the workshop: 3, 03, rate-limiter";

/** The whole command line: names, arguments, help. */
export function program(): Command {
  const root = new Command("deno task")
    .description("Trestle: build the systems that others draw")
    .configureOutput({
      getOutHasColors: () => hasColor,
      getErrHasColors: () => hasColor,
    })
    .exitOverride((error) =>
      Deno.exit(error.exitCode === 0 ? EXIT.passed : EXIT.wrong)
    );
  for (const add of [addLearning, addFiles, addService, addAuthoring]) {
    add(root);
  }
  return root;
}

function addLearning(root: Command): void {
  command(root, "workshop", "Run the checks of a workshop on your code")
    .argument("[workshop]", WORKSHOP)
    .option("-w, --watch", "run again at every save")
    .option("-s, --stage <k>", "only this stage", wholeNumber)
    .option("-a, --all", "all stages, ascending")
    .option("--seed <seed>", "replay the inputs of an earlier run")
    .option("--full", "every failing check in full")
    .option("--json", "print the report as JSON")
    .action(async (name, { watch, all, full, json, ...rest }) => {
      const { workshop } = await import("./workshop.ts");
      const flags = { isWatching: watch, isAll: all, isFull: full };
      await end(() => workshop({ name, ...rest, ...flags, isJson: json }));
    });
  command(root, "hint", "Show the next hint of your current stage")
    .argument("<workshop>", WORKSHOP)
    .option("-s, --stage <k>", "of this stage, an earlier one too", wholeNumber)
    .action(async (name, options) => {
      const { hint } = await import("./hint.ts");
      await end(() => hint({ name, ...options }));
    });
  command(root, "progress", "Show what you have passed")
    .option("--merge <file>", "add the progress file of another machine")
    .option("--json", "print it as JSON")
    .action(async ({ json, ...rest }) => {
      const { progress } = await import("./progress.ts");
      await end(() => progress({ ...rest, isJson: json }));
    });
  command(root, "submit", "Send your code to the grader")
    .argument("<workshop>", WORKSHOP)
    .option("--full", "every failing check in full")
    .option("--json", "print the report as JSON")
    .action(async (name, { full, json, ...rest }) => {
      const { submit } = await import("./submit.ts");
      await end(() => submit({ name, ...rest, isFull: full, isJson: json }));
    });
}

function addFiles(root: Command): void {
  command(root, "reset", "Start a workshop afresh (your files are kept)")
    .argument("<workshop>", WORKSHOP)
    .option("--progress", "forget what you have passed, too")
    .action(async (name, { progress, my }) => {
      const { reset } = await import("./reset.ts");
      await end(() => reset({ name, isForgetting: progress, my }));
    });
  command(root, "restore", "Bring back an earlier version of your files")
    .argument("<workshop>", WORKSHOP)
    .argument("[which]", "place (1 is the newest) or name, as in the list")
    .action(async (name, which, options) => {
      const { restore } = await import("./restore.ts");
      await end(() => restore({ name, which, ...options }));
    });
  command(root, "diff", "Compare your files with the stub or the reference")
    .argument("<workshop>", WORKSHOP)
    .option("--stub", "with the stub (default)")
    .option("--last", "with the files of the last verdict")
    .option("--reference", "with the reference, once all stages are passed")
    .option("--reveal", "show the reference before that")
    .action(async (name, { last, reference, reveal, my }) => {
      const { diff } = await import("./diff.ts");
      const against = reference || reveal
        ? "reference"
        : last
        ? "last"
        : "stub";
      await end(() => diff({ name, against, isRevealed: reveal, my }));
    });
}

function addService(root: Command): void {
  command(root, "start", "Set up what is missing, then serve grader and page")
    .option("--port <port>", "tried first", wholeNumber)
    .action(async ({ port }) => {
      const { start } = await import("./start.ts");
      await end(() => start({ port }));
    });
  command(root, "worker", "Grade submissions for a running server")
    .option("--database-url <url>", "of a server on another machine")
    .option("--slots <k>", "runs at once", wholeNumber)
    .action(async ({ databaseUrl, slots }) => {
      const { worker } = await import("./worker.ts");
      await end(() => worker({ databaseUrl, slots }));
    });
  command(root, "doctor", "Test this machine and say how to fix what fails")
    .option("--json", "print the results as JSON")
    .action(async ({ json }) => {
      const { doctor } = await import("./doctor.ts");
      await end(() => doctor({ isJson: json }));
    });
}

function addAuthoring(root: Command): void {
  command(root, "check", "Authors: stubs, references, mutants, alternatives")
    .argument("[workshops...]", WORKSHOP)
    .option("--seeds <k>", "runs of each solution", wholeNumber)
    .option("--only <words...>", "kinds, or parts of a case's name")
    .option("--burners <k>", "keep so many cores busy meanwhile", wholeNumber)
    .option("--jobs <k>", "cases at a time", wholeNumber)
    .option("--thorough", "mutants: all checks before, with every seed")
    .option("--sample", "one mutant for each check")
    .option("--brief", "mutants: the check that they name, and no other")
    .option("--json", "print the results as JSON")
    .action(async (names, { json, thorough, brief, sample, ...rest }) => {
      const { check } = await import("./check.ts");
      const flags = {
        isJson: json,
        isThorough: thorough,
        isBrief: brief,
        isSample: sample,
      };
      await end(() => check({ names, ...rest, ...flags }));
    });
  command(root, "bench", "Measure Trestle itself")
    .option("--json", "print the figures as JSON")
    .action(async ({ json }) => {
      const { bench } = await import("./bench.ts");
      await end(() => bench({ isJson: json }));
    });
  command(root, "test", "Every test of this repository").action(async () => {
    const { test } = await import("./test_command.ts");
    await end(test);
  });
  command(root, "ok", "Format, lint, types and quick tests").action(
    async () => {
      const { ok } = await import("./ok.ts");
      await end(ok);
    },
  );
  command(root, "new", "Authors: begin a new workshop")
    .argument("<number>", "its number, 1 to 99", wholeNumber)
    .argument("<slug>", "its name in lower case: rate-limiter")
    .action(async (number, slug) => {
      const { newWorkshop } = await import("./new.ts");
      await end(() => newWorkshop({ number, slug }));
    });
}

function command(root: Command, name: string, description: string): Command {
  return root.command(name)
    .description(description)
    .addOption(
      new Option("--my <folder>", "your files instead of my/").hideHelp(),
    );
}

/** Runs a command and ends the process with its exit code. */
async function end(run: () => Promise<ExitCode>): Promise<void> {
  try {
    const code = await run();
    if (code === EXIT.interrupted) stopped();
    Deno.exit(code);
  } catch (error) {
    if ((error as Error | undefined)?.name === "AbortError") stopped();
    const isOurFault =
      !(error instanceof UsageError || error instanceof UnknownWorkshopError);
    console.error(isOurFault ? error : error.message);
    Deno.exit(EXIT.wrong);
  }
}

/** Says that what Ctrl-C ended has been closed by now. */
function stopped(): never {
  console.error("Stopped.");
  Deno.exit(EXIT.interrupted);
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError("A whole number is asked for");
}
