import { delimiter, join } from "node:path";

/** Full path of an installed command; undefined when PATH has none. */
export async function findOnPath(name: string): Promise<string | undefined> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(delimiter)) {
    const candidate = join(folder, name);
    try {
      const { isFile, mode } = await Deno.stat(candidate);
      if (isFile && ((mode ?? 0) & 0o111) !== 0) return candidate;
    } catch {
      continue; // Not here, or not readable: the next folder may have it.
    }
  }
  return undefined;
}
