import type { Codec, Exchange, ReplyPart, RequestPart } from "./codec.ts";
import {
  type HttpBody,
  type HttpEvent,
  HttpFrames,
  type HttpHead,
} from "./http_frames.ts";

/** Reads an HTTP/1.1 connection. A request is held at its head; a reply is complete with its body. */
export class HttpCodec implements Codec {
  readonly #requests = new HttpFrames(bodyOf);
  readonly #replies = new HttpFrames((head) => this.#bodyOfReply(head));
  readonly #waiting: HttpExchange[] = [];
  #status = "";

  get awaitsReply(): boolean {
    return this.#waiting.length > 0;
  }

  requests(chunk: Uint8Array): RequestPart[] {
    const parts: RequestPart[] = [];
    let event = this.#requests.next(chunk, 0);
    while (event) {
      parts.push(this.#requestPart(event));
      event = this.#requests.next(chunk, event.end);
    }
    return parts;
  }

  replies(chunk: Uint8Array): ReplyPart[] {
    const parts: ReplyPart[] = [];
    let event = this.#replies.next(chunk, 0);
    while (event) {
      const part = this.#replyPart(event);
      if (part) parts.push(part);
      event = this.#replies.next(chunk, event.end);
    }
    return parts;
  }

  #requestPart({ head, end }: HttpEvent): RequestPart {
    if (!head) return { end };
    const [method = "", target = ""] = head.start.split(" ");
    // A client that takes the socket for a proxy sends the whole address (RFC 9112 section 3.2.2).
    const path = target.replace(/^https?:\/\/[^/]*/, "") || "/";
    const name = `${method} ${path.split("?")[0]}`;
    const exchange = { method, name, text: `${method} ${path}` };
    this.#waiting.push(exchange);
    return { end, exchange };
  }

  #replyPart({ head, end, isLast }: HttpEvent): ReplyPart | undefined {
    if (head) this.#status = statusOf(head);
    if (head?.fields.has(DROP_HEADER)) {
      const completes = this.#waiting.shift();
      return { end, completes, text: "reply dropped", isDropped: true };
    }
    if (!isLast) return undefined;
    if (isInterim(this.#status)) return { end };
    if (this.#status === SWITCHING) this.#requests.becomeTunnel();
    return { end, completes: this.#waiting.shift(), text: this.#status };
  }

  /** RFC 9112 section 6.3. */
  #bodyOfReply(head: HttpHead): HttpBody {
    const status = statusOf(head);
    if (status === SWITCHING) return "tunnel";
    const isEmpty = isInterim(status) || status === "204" || status === "304" ||
      this.#waiting[0]?.method === "HEAD";
    if (isEmpty) return 0;
    const body = bodyOf(head);
    return body === 0 && !head.fields.has("content-length")
      ? "until close"
      : body;
  }
}

/** A fake answers with this header when its script wants the connection dropped: no server API does that. */
export const DROP_HEADER = "trestle-drop";

interface HttpExchange extends Exchange {
  readonly method: string;
}

function bodyOf({ fields }: HttpHead): HttpBody {
  if (fields.get("transfer-encoding")?.toLowerCase().includes("chunked")) {
    return "chunked";
  }
  return Number(fields.get("content-length") ?? 0) || 0;
}

function statusOf(head: HttpHead): string {
  return head.start.split(" ")[1] ?? "";
}

function isInterim(status: string): boolean {
  return status.startsWith("1") && status !== SWITCHING;
}

const SWITCHING = "101";
