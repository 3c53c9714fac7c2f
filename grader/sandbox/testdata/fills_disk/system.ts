import type { Context } from "@contract/system.ts";

export default ({ dataDir }: Context) => ({
  async fetch() {
    const megabyte = new Uint8Array(1024 * 1024);
    for (let file = 0; file < 1e4; file++) {
      await Deno.writeFile(`${dataDir}/${file}`, megabyte);
    }
    return new Response("filled");
  },
});
