/** Builds the dashboard into a folder of its own, as `deno task start` builds it into ui/dist. */
import { fileURLToPath, pathToFileURL } from "node:url";

export interface BuiltPage extends AsyncDisposable {
  /** Of the folder, with a slash at its end. */
  readonly url: URL;
}

export async function buildPage(): Promise<BuiltPage> {
  const dir = await Deno.makeTempDir({ prefix: "trestle-page-" });
  const ui = fileURLToPath(new URL("..", import.meta.url));
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "npm:vite",
      "build",
      ui,
      "--outDir",
      dir,
      "--emptyOutDir",
    ],
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return {
    url: pathToFileURL(`${dir}/`),
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}
