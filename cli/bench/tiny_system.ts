import { type OpenLab, openLab } from "../../grader/lab/open_lab.ts";
import { connectStores, type Stores } from "../../grader/stores/mod.ts";

/** One command to each store per call, so that a crash sweep has points to crash at. */
const SYSTEM = `import type { Context, System } from "@contract/system.ts";

export default async function tiny({ sql, redis }: Context): Promise<System> {
  await sql\`CREATE TABLE IF NOT EXISTS calls (n int)\`;
  return {
    fetch: async () => {
      await redis.incr("calls");
      await sql\`INSERT INTO calls VALUES (1)\`;
      return new Response("ok");
    },
  };
}
`;

/** The smallest system that uses both stores, in a lab of its own. */
export async function openTinyLab(stores: Stores): Promise<OpenLab> {
  await using opened = new AsyncDisposableStack();
  const dir = await Deno.makeTempDir({ prefix: "trestle-bench-" });
  opened.defer(() => Deno.remove(dir, { recursive: true }));
  await Deno.writeTextFile(`${dir}/system.ts`, SYSTEM);
  const client = opened.use(connectStores(stores.address));
  const open = await openLab({}, {
    seed: "bench",
    place: {
      stores: client,
      runDir: stores.address.runDir,
      floor: "local",
      submissionDir: dir,
      referenceDir: dir,
      config: {},
      upstreams: [],
    },
  });
  opened.use(open);
  await open.system.boot();
  const kept = opened.move();
  return { ...open, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
