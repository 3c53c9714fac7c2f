import { join } from "node:path";

/** What the command line needs to speak to this server; only its owner may read it. */
export interface ServerFile {
  readonly url: string;
  /** Bearer token. */
  readonly token: string;
  readonly pid: number;
}

/** Writes `server.json` in one step: a reader sees the old file or the new one. */
export async function writeServerFile(
  stateDir: string,
  content: ServerFile,
): Promise<void> {
  await writePrivateFile(
    join(stateDir, "server.json"),
    JSON.stringify(content, null, 2),
  );
}

/** Removes `server.json` unless another server has written its own since. */
export async function removeServerFile(
  stateDir: string,
  { token }: ServerFile,
): Promise<void> {
  const path = join(stateDir, "server.json");
  const text = await Deno.readTextFile(path).catch(() => "");
  if (text.includes(token)) await Deno.remove(path);
}

export async function writePrivateFile(
  path: string,
  text: string,
): Promise<void> {
  const draft = `${path}.${Deno.pid}`;
  await Deno.writeTextFile(draft, text, { mode: 0o600 });
  await Deno.rename(draft, path);
}
