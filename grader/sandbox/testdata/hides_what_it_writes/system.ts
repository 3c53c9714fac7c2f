import type { Context } from "@contract/system.ts";

/** Without root a grader runs as the same user, and so cannot look into this folder any more than remove it. */
export default ({ dataDir }: Context) => ({
  async fetch() {
    await Deno.mkdir(`${dataDir}/closed`, { mode: 0o300 });
    const megabyte = new Uint8Array(1024 * 1024);
    for (let file = 0; file < 1e4; file++) {
      await Deno.writeFile(`${dataDir}/closed/${file}`, megabyte);
    }
    return new Response("hidden");
  },
});
