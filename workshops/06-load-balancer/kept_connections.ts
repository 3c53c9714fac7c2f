/** `fetch` to one backend, over connections that are used again from stage 06.9 on. */
import type { Upstream } from "@contract/system.ts";
import type { Question } from "./http_message.ts";

export class KeptConnections {
  constructor(readonly upstream: Upstream) {}

  /** Gives the answer when its head is here. Rejects when the connection breaks or `signal` aborts before. */
  fetch(
    { method, path, headers, body }: Question,
    signal: AbortSignal,
  ): Promise<Response> {
    // TODO 06.9: upstream.connect(), writeQuestion() and readHead() of http_message.ts, and keep what is free again.
    return this.upstream.fetch(path, { method, headers, body, signal });
  }
}
