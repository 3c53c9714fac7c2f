import type { Account } from "./account.ts";

export interface RunOptions {
  readonly account?: Account;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
}

/** Runs a short-lived command to its end and gives what it printed; throws its complaint when it fails. */
export async function run(
  command: string,
  args: readonly string[],
  { account, cwd = "/", signal }: RunOptions = {},
): Promise<string> {
  const { success, code, stdout, stderr } = await new Deno.Command(command, {
    cwd,
    signal,
    ...account,
    args: [...args],
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "/usr/bin:/bin", LC_ALL: "C" },
    stdin: "null",
  }).output();
  if (success) return new TextDecoder().decode(stdout);
  const complaint = new TextDecoder().decode(stderr).trim().slice(-1_000);
  throw new Error(
    `${command} ${args.join(" ")} ended with code ${code}: ${complaint}`,
  );
}
