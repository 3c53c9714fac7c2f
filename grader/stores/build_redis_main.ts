/**
 * `deno run build_redis_main.ts <folder>`: puts a `redis-server` built from source into the folder.
 *
 * @module
 */
import { join } from "node:path";

/** The last release under the BSD licence. */
const REDIS_VERSION = "7.2.7";

// Computed, or Deno would install the package for everybody who imports a file near this one.
const builder = ["npm:redis-memory-server", "0.17.1"].join("@");
const { RedisBinary } = await import(builder);

const folder = Deno.args[0]!;
const built: string = await RedisBinary.getPath({
  version: REDIS_VERSION,
  downloadDir: join(folder, "work"),
});
await Deno.copyFile(built, join(folder, "redis-server"));
await Deno.chmod(join(folder, "redis-server"), 0o755);
await Deno.remove(join(folder, "work"), { recursive: true });
