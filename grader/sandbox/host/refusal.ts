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
    run: ["tried to start or signal a program", "there are none to be had"],
    ffi: ["tried to load a native library", "only TypeScript can be used"],
    sys: ["asked about the machine", "the machine is hidden"],
    import: [
      "imported code from elsewhere",
      "only files of its own folder, hono and node: modules can be imported",
    ],
    all: ["reached out of its sandbox", "nothing of the machine can be had"],
  };

/** What the code did that the sandbox refuses, and the rule; undefined for any other error. */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { message } = error;
  if (/--no-(npm|remote)|--cached-only|Unsupported scheme/.test(message)) {
    return refusal("import", /"(\w+:[^"]*)"/.exec(message)?.[1]);
  }
  const denied = /^Requires (\w+) access(?: to "([^"]*)")?/.exec(message);
  if (denied !== null) return refusal(denied[1]!, denied[2]);
  // The few operations that Deno never grants in part, symbolic links among them, say so in their own words.
  return error.name === "NotCapable" ? refusal("all", undefined) : undefined;
}

function refusal(right: string, value: string | undefined): string {
  const [did, rule] = REFUSALS[right] ?? REFUSALS.all!;
  return value === undefined
    ? `The code ${did}: ${rule}`
    : `The code ${did} (${value}): ${rule}`;
}
