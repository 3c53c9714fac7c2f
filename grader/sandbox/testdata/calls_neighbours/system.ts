import type { Context } from "@contract/system.ts";

export default ({ peers, upstreams, sql, redis, config }: Context) => ({
  async fetch(request: Request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/sql") return Response.json(await sql`SELECT 1`);
    if (pathname === "/redis") return Response.json(await redis.get("a"));
    if (pathname === "/absolute") return await peers[0]!.fetch("http://x/");
    const peer = await peers[0]!.fetch("/peer?x=1", { method: "PUT" });
    const bank = await upstreams.bank!.fetch("/charges");
    return Response.json({
      peer: peers[0]!.instance,
      said: [await peer.text(), await bank.text()],
      config,
    });
  },
});
