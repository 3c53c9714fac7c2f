import { join } from "node:path";
import type { Reaction, UpstreamCall } from "../types.ts";
import { DROP_HEADER } from "./http_codec.ts";
import { openProxy } from "./proxy.ts";
import type { Proxy, Upstream, UpstreamOptions } from "./types.ts";

/** Serves a scripted HTTP service on one unix socket per instance, so that each call's sender is known. */
export function openUpstream(name: string, options: UpstreamOptions): Upstream {
  return new ScriptedUpstream(name, options);
}

class ScriptedUpstream implements Upstream {
  readonly proxies: Readonly<Record<string, Proxy>>;
  readonly calls: UpstreamCall[] = [];
  readonly #servers: Deno.HttpServer[] = [];
  readonly #held: (() => void)[] = [];
  #reactions: Reaction[] = [];
  #otherwise: (call: UpstreamCall) => Reaction = () => ({ status: 200 });

  constructor(readonly name: string, options: UpstreamOptions) {
    const { listenPaths, serverDir, trace } = options;
    this.proxies = Object.fromEntries(
      Object.entries(listenPaths).map(([instance, listenPath]) => {
        const targetPath = join(serverDir, `${name}-${instance}.sock`);
        this.#servers.push(this.#serve(targetPath, instance));
        return [
          instance,
          openProxy({
            protocol: "http",
            kind: "upstream",
            listenPath,
            targetPath,
            instance,
            name,
            trace,
          }),
        ];
      }),
    );
  }

  script(
    reactions: readonly Reaction[],
    otherwise: Reaction | ((call: UpstreamCall) => Reaction) = { status: 200 },
  ): void {
    this.#reactions = [...reactions];
    this.#otherwise = typeof otherwise === "function"
      ? otherwise
      : () => otherwise;
  }

  get held(): number {
    return this.#held.length;
  }

  release(count = Infinity): void {
    for (const letGo of this.#held.splice(0, count)) letGo();
  }

  async close(): Promise<void> {
    this.release();
    await Promise.all(
      Object.values(this.proxies).map((proxy) => proxy.close()),
    );
    await Promise.all(this.#servers.map((server) => server.shutdown()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #serve(path: string, instance: string): Deno.HttpServer {
    return Deno.serve(
      {
        path,
        onListen: () => {},
        handler: (request) => this.#answer(request, instance),
        // A caller that was killed in the middle of its body: nobody is left to tell.
        onError: () => new Response(null, { status: 500 }),
      } as Deno.ServeUnixOptions & { handler: Deno.ServeHandler },
    );
  }

  async #answer(request: Request, instance: string): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const body = await request.text();
    const call = {
      instance,
      method: request.method,
      path: pathname + search,
      headers: request.headers,
      body,
    };
    this.calls.push(call);
    const reaction = this.#reactions.shift() ?? this.#otherwise(call);
    if ("drop" in reaction) {
      return new Response(null, { headers: { [DROP_HEADER]: "yes" } });
    }
    if (reaction.hold) {
      await new Promise<void>((resolve) => this.#held.push(resolve));
    }
    return answered(reaction);
  }
}

function answered(reaction: Exclude<Reaction, { drop: true }>): Response {
  const { status, body, headers } = reaction;
  if (body === undefined) return new Response(null, { status, headers });
  return typeof body === "string"
    ? new Response(body, { status, headers })
    : Response.json(body, { status, headers });
}
