/** Breaks down in the way that `config.how` names. */
import type { Context, System } from "@contract/system.ts";

export default function misdeeds({ config }: Context): System {
  if (config.how === "throw_at_start") throw new Error("no such table: links");
  return {
    tcp(connection) {
      connection.close();
    },
    async fetch() {
      switch (config.how) {
        case "exit":
          Deno.exit(0);
          break;
        case "hang":
          await new Promise(() => {});
          break;
        case "loop":
          for (;;);
        case "not_json":
          return new Response("<h1>hello</h1>");
      }
      return new Response("fine");
    },
  };
}
