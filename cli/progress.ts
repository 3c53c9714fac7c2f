import { type ExitCode, UsageError } from "./exit_codes.ts";
import { listWorkshops } from "./list_workshops.ts";
import { myFolder } from "./my/folders.ts";
import {
  changeProgress,
  mergeProgress,
  parseProgress,
} from "./my/progress_file.ts";

export interface ProgressOptions {
  readonly isJson?: boolean;
  /** A progress file of another machine, to merge into this one's. */
  readonly merge?: string;
  readonly my?: string;
}

/** `deno task progress`: what is passed; with `--merge`, together with another machine's. */
export async function progress(options: ProgressOptions): Promise<ExitCode> {
  const my = myFolder(options.my);
  const { merge } = options;
  if (merge !== undefined) {
    const other = parseProgress(await readText(merge));
    if (other === undefined) {
      throw new UsageError(`${merge} is no progress file of version 1`);
    }
    await changeProgress(my, (mine) => mergeProgress(mine, other));
  }
  return await listWorkshops(my, options);
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw new UsageError(`Cannot read ${path}: ${(cause as Error).message}`, {
      cause,
    });
  }
}
