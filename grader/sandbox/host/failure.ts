import type { ExitReason } from "@contract/verdict.ts";

/** Why the learner's code broke down, in words for the learner. */
export interface Failure {
  readonly reason: ExitReason;
  readonly message: string;
}

/** What the system has instead of the rights that the sandbox withholds, by the word in Deno's refusal. */
const REFUSALS: Readonly<Record<string, readonly [did: string, rule: string]>> =
  {
    net: [
      "reached for the network",
      "there is none; services are reached through context.sql, redis, peers and upstreams",
    ],
    read: [
      "reached for a file outside its folder",
      "only the submitted files and context.dataDir can be read",
    ],
    write: [
      "wrote to a file outside its data",
      "only context.dataDir can be written",
    ],
    env: ["reached for the environment", "settings come as context.config"],
    run: ["tried to start a program", "programs cannot be started"],
    ffi: ["tried to load a native library", "only TypeScript can be used"],
    sys: ["asked about the machine", "the machine is hidden"],
    import: [
      "imported code from elsewhere",
      "only files of its own folder, hono and node: modules can be imported",
    ],
  };

/** The code's own fault while `doing` something: "The factory of system.ts". Paths are those of the submission. */
export function failureOf(
  error: unknown,
  { reason, doing, submissionUrl }: {
    readonly reason: ExitReason;
    readonly doing: string;
    readonly submissionUrl: string;
  },
): Failure {
  const shorten = (text: string) => text.replaceAll(submissionUrl, "");
  const place = ownFrame(error, submissionUrl);
  const where = place === undefined ? "" : ` (${place})`;
  const refusal = refusalOf(error);
  if (refusal !== undefined) {
    return { reason: "forbidden", message: `The code ${refusal}${where}` };
  }
  return { reason, message: `${doing}: ${shorten(nameOf(error))}${where}` };
}

/** "TypeError: x is not a function", whatever was thrown. */
export function nameOf(error: unknown): string {
  return error instanceof Error
    ? `${error.name}: ${error.message}`
    : `threw ${JSON.stringify(error) ?? String(error)}`;
}

/** First place of the learner's own in the stack: "limits/bucket.ts:12:5". */
export function ownFrame(
  error: unknown,
  submissionUrl: string,
): string | undefined {
  const stack = error instanceof Error ? String(error.stack) : "";
  // The message comes first and may hold anything; frames are the lines that begin with "at".
  const frame = stack.split("\n").find((line) =>
    /^\s+at /.test(line) && line.includes(submissionUrl)
  );
  return frame?.split(submissionUrl)[1]?.match(/^[^\s)]+:\d+:\d+/)?.[0];
}

function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const imported = /"((?:npm|jsr|https?):[^"]*)"|(?:npm|jsr|https?):\S+/;
  if (
    /--no-(npm|remote)|--cached-only|Unsupported scheme/.test(error.message)
  ) {
    const [specifier, quoted] = imported.exec(error.message) ?? [];
    return refusal("import", quoted ?? specifier);
  }
  const denied = /^Requires (\w+) access(?: to "([^"]*)")?/.exec(error.message);
  return denied === null || REFUSALS[denied[1]!] === undefined
    ? undefined
    : refusal(denied[1]!, denied[2]);
}

function refusal(right: string, value: string | undefined): string {
  const [did, rule] = REFUSALS[right]!;
  return value === undefined ? `${did}: ${rule}` : `${did} (${value}): ${rule}`;
}
