import { join } from "node:path";
import type {
  Reaction,
  UpstreamArrival,
  UpstreamCall,
} from "./upstream_types.ts";
import { Arrivals } from "./arrivals.ts";
import { DROP_HEADER } from "./http_codec.ts";
import { openProxy } from "./proxy.ts";
import { RawService } from "./raw_service.ts";
import type { Proxy, Upstream, UpstreamOptions } from "./types.ts";

/** Serves a scripted HTTP service on one unix socket per instance, so that each call's sender is known. */
export function openUpstream(name: string, options: UpstreamOptions): Upstream {
  return new ScriptedUpstream(name, options);
}

class ScriptedUpstream implements Upstream {
  readonly proxies: Readonly<Record<string, Proxy>>;
  readonly calls: UpstreamCall[] = [];
  readonly #arrivals = new Arrivals();
  readonly #raw: RawService;
  readonly #servers: Deno.HttpServer[] = [];
  readonly #held: (() => void)[] = [];
  #reactions: Reaction[] = [];
  #otherwise: (call: UpstreamCall) => Reaction = () => ({ status: 200 });

  constructor(readonly name: string, options: UpstreamOptions) {
    const { listenPaths, serverDir, trace } = options;
    const raw = new RawService(join(serverDir, `${name}-raw.sock`));
    this.#raw = raw;
    this.proxies = Object.fromEntries(
      Object.entries(listenPaths).map(([instance, listenPath]) => {
        const targetPath = join(serverDir, `${name}-${instance}.sock`);
        this.#servers.push(this.#serve(targetPath, instance));
        return [
          instance,
          openProxy({
            // The proxy looks at these two for each connection anew.
            get protocol() {
              return raw.isServing ? "raw" : "http";
            },
            get targetPath() {
              return raw.isServing ? raw.path : targetPath;
            },
            kind: "upstream",
            listenPath,
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

  get arrivals(): readonly UpstreamArrival[] {
    return this.#arrivals.all;
  }

  acceptTcp(handler: (connection: Deno.Conn) => void | Promise<void>): void {
    this.#raw.serve(handler);
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
    await this.#raw.close();
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
    const body = await this.#arrivals.read(request, instance);
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
    if ("webSocket" in reaction) return upgraded(request, reaction.webSocket);
    if (reaction.hold) await this.#release();
    const { pieces } = reaction;
    return pieces
      ? new Response(this.#inPieces(pieces), reaction)
      : answered(reaction);
  }

  #release(): Promise<void> {
    return new Promise((resolve) => this.#held.push(resolve));
  }

  #inPieces(pieces: readonly string[]): ReadableStream<Uint8Array> {
    const [first = "", ...others] = pieces;
    const release = () => this.#release();
    async function* body() {
      yield first;
      for (const piece of others) {
        await release();
        yield piece;
      }
    }
    return ReadableStream.from(body()).pipeThrough(new TextEncoderStream());
  }
}

function upgraded(
  request: Request,
  receive: (socket: WebSocket) => void,
): Response {
  const { socket, response } = Deno.upgradeWebSocket(request);
  socket.addEventListener("open", () => receive(socket), { once: true });
  return response;
}

function answered(reaction: AnswerReaction): Response {
  const { status, body, headers } = reaction;
  if (body === undefined) return new Response(null, { status, headers });
  return typeof body === "string"
    ? new Response(body, { status, headers })
    : Response.json(body, { status, headers });
}

type AnswerReaction = Extract<Reaction, { readonly status: number }>;
