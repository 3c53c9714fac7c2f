import { dirname } from "node:path";
import type { Context } from "@contract/system.ts";

export default ({ dataDir }: Context) => ({
  async fetch() {
    const clock = `${dirname(dataDir)}/A/clock`;
    await Deno.writeFile(clock, new Uint8Array(8));
    return new Response("written");
  },
});
