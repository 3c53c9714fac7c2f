/** Gives back what it gets, over HTTP, WebSocket, TCP, and from its peers and upstream. */
import type { Context, System } from "@contract/system.ts";

export default function echo(context: Context): System {
  const { instance, peers, upstreams, redis, sql, log } = context;
  return {
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (request.headers.get("upgrade") === "websocket") {
        return echoWebSocket(request);
      }
      switch (pathname) {
        case "/peers":
          return Response.json(
            await Promise.all(peers.map(async (peer) => {
              const answer = await peer.fetch("/name");
              return await answer.text();
            })),
          );
        case "/name":
          return new Response(instance);
        case "/upstream":
          return Response.json(
            await (await upstreams.bank!.fetch("/x")).json(),
          );
        case "/redis":
          return new Response(await redis.ping());
        case "/postgres":
          return Response.json(await sql`SELECT 1 AS one`);
        case "/log":
          log("something happened", { key: "x" });
          console.log("printed");
          return new Response();
        default:
          return new Response(await request.text(), {
            headers: { "x-method": request.method },
          });
      }
    },
    async tcp(connection) {
      await connection.readable.pipeTo(connection.writable);
    },
  };
}

function echoWebSocket(request: Request): Response {
  const { socket, response } = Deno.upgradeWebSocket(request);
  socket.onmessage = ({ data }) => socket.send(data);
  return response;
}
