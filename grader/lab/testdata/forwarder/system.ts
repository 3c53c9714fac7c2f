/** Passes all on to the upstream `back`, as it comes; with `config.how` "buffers" only whole bodies, streams cut short. */
import type { Context, System } from "@contract/system.ts";

export default function forwarder(context: Context): System {
  const { upstreams, config } = context;
  const back = upstreams.back!;
  const buffers = config.how === "buffers";
  return {
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const { method, headers } = request;
      const body = buffers && request.body
        ? await request.text()
        : request.body;
      const answer = await back.fetch(pathname + search, {
        method,
        headers,
        body,
      });
      return new Response(buffers ? await answer.text() : answer.body, answer);
    },
    async tcp(connection) {
      const other = await back.connect();
      await Promise.all([pass(connection, other), pass(other, connection)]);
    },
  };
}

/** Not by `pipeTo`: a readable that ends closes its connection, both ways. */
async function pass(from: Deno.Conn, to: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(65_536);
  for (;;) {
    const length = await from.read(buffer);
    if (length === null) return await to.closeWrite();
    for (let sent = 0; sent < length;) {
      sent += await to.write(buffer.subarray(sent, length));
    }
  }
}
