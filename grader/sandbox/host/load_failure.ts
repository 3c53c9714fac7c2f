import { type Failure, failureOf } from "./failure.ts";
import { ownFrame } from "./own_frame.ts";
import { refusalOf } from "./refusal.ts";

const IMPORT_RULE =
  "only files of its own folder, hono and node: modules can be imported";

/** Why importing `system.ts` failed, with the line of the source at which it did. */
export function loadFailure(error: unknown, submissionUrl: string): Failure {
  const failure = describe(error, submissionUrl);
  const place = ownFrame(error, submissionUrl);
  const source = place && sourceLine(place, submissionUrl);
  return source
    ? { ...failure, message: `${failure.message}\n${source}` }
    : failure;
}

function describe(error: unknown, submissionUrl: string): Failure {
  const message = error instanceof Error ? error.message : "";
  const place = ownFrame(error, submissionUrl) ?? "system.ts";
  const load = (what: string): Failure => ({
    reason: "load_error",
    message: `${place} ${what}`,
  });
  const syntax = /^SyntaxError: (.*)/.exec(message);
  if (syntax) return load(`does not parse: ${syntax[1]}`);
  const unknown = /^Import "(.*)" not a dependency/.exec(message);
  if (unknown) return load(`imports "${unknown[1]}": ${IMPORT_RULE}`);
  const missing = /^Module not found "([^"]*)"/.exec(message);
  if (missing) {
    const file = missing[1]!.replace(submissionUrl, "");
    return load(`imports "${file}", which does not exist`);
  }
  return failureOf(withoutFrames(error), {
    reason: "load_error",
    doing: "system.ts failed while it was loading",
    submissionUrl,
  });
}

/** Deno appends the importing place to the message; it is shown with its source line instead. */
function withoutFrames(error: unknown): unknown {
  if (!(error instanceof Error) || refusalOf(error)) return error;
  error.message = error.message.replace(/\n\s+at file:[^\n]*/g, "");
  return error;
}

/** `12 | const limit = = 3;` */
function sourceLine(place: string, submissionUrl: string): string | undefined {
  const [file, line] = place.split(":");
  try {
    const lines = Deno.readTextFileSync(new URL(file!, submissionUrl))
      .split("\n");
    return `${line} | ${lines[Number(line) - 1]!.slice(0, 200)}`;
  } catch {
    return undefined; // The place is in a file that cannot be read, or no longer there.
  }
}
