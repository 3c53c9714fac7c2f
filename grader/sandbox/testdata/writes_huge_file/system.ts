import type { Context } from "@contract/system.ts";

export default ({ dataDir }: Context) => ({
  async fetch() {
    const megabyte = new Uint8Array(1024 * 1024);
    for (let part = 0; part < 1e4; part++) {
      await Deno.writeFile(`${dataDir}/huge`, megabyte, { append: true });
    }
    return new Response("written");
  },
});
