import type { Context } from "@contract/system.ts";

export default ({ dataDir }: Context) => ({
  async fetch() {
    await Deno.symlink("/etc/passwd", `${dataDir}/accounts`);
    return new Response(await Deno.readTextFile(`${dataDir}/accounts`));
  },
});
