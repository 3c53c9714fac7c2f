import type { Context } from "@contract/system.ts";

/** A request that is under way when the instance is asked to stop ends before it does. */
export default ({ signal, log }: Context) => ({
  async fetch() {
    log("in flight");
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    return new Response("finished");
  },
  stop() {
    log("stopping");
  },
});
