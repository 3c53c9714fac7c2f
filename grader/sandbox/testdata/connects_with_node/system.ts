import { connect } from "node:net";
import type { Context } from "@contract/system.ts";

export default ({ config }: Context) => ({
  fetch() {
    return new Promise<Response>((resolve, reject) => {
      const socket = connect(Number(config.port), "127.0.0.1");
      socket.on("connect", () => resolve(new Response("connected")));
      socket.on("error", reject);
    });
  },
});
