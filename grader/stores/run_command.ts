import type { Account } from "./account.ts";

/** How to reach a registry from behind a proxy, for the commands that fetch. */
export const NETWORK_VARIABLES = [
  ...["http_proxy", "https_proxy", "no_proxy"],
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"],
  ...["DENO_CERT", "DENO_TLS_CA_STORE", "NODE_EXTRA_CA_CERTS"],
  ...["SSL_CERT_FILE", "SSL_CERT_DIR", "NPM_CONFIG_REGISTRY"],
];

export interface RunOptions {
  readonly account?: Account;
  /** Default "/": the account may be shut out of the folder that we are in. */
  readonly cwd?: string;
  /** Added to what the command gets anyway: PATH, a neutral locale, proxy settings. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Runs a short-lived command to its end and gives what it printed; throws its complaint when it fails. */
export async function run(
  command: string,
  args: readonly string[],
  { account, cwd = "/", env, signal }: RunOptions = {},
): Promise<string> {
  const { success, code, stdout, stderr } = await new Deno.Command(command, {
    cwd,
    signal,
    ...account,
    args: [...args],
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "/usr/bin:/bin",
      LC_ALL: "C",
      NO_COLOR: "1",
      ...inherited(NETWORK_VARIABLES),
      ...env,
    },
    stdin: "null",
  }).output();
  if (success) return new TextDecoder().decode(stdout);
  const complaint = new TextDecoder().decode(stderr).trim().slice(-1_000);
  throw new Error(
    `${command} ${args.join(" ")} ended with code ${code}: ${complaint}`,
  );
}

function inherited(names: readonly string[]): Record<string, string> {
  const values = names.map((name) => [name, Deno.env.get(name)] as const);
  return Object.fromEntries(
    values.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
