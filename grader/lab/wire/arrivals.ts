import type { UpstreamArrival } from "./upstream_types.ts";

/** Reads request bodies as they come and keeps what has come so far, for checks that look before the end. */
export class Arrivals {
  readonly all: UpstreamArrival[] = [];

  /** The whole body. Rejects when it breaks off. */
  async read(request: Request, instance: string): Promise<string> {
    const { pathname, search } = new URL(request.url);
    const arrival = {
      instance,
      method: request.method,
      path: pathname + search,
      received: "",
      state: "coming" as UpstreamArrival["state"],
    };
    this.all.push(arrival);
    const decoder = new TextDecoder();
    try {
      for await (const piece of request.body ?? []) {
        arrival.received += decoder.decode(piece, { stream: true });
      }
      arrival.received += decoder.decode();
      arrival.state = "whole";
      return arrival.received;
    } catch (error) {
      arrival.state = "broken";
      throw error;
    }
  }
}
