import type { Codec, Exchange, ReplyPart, RequestPart } from "./codec.ts";
import { type HttpBody, HttpFrames, type HttpHead } from "./http_frames.ts";

/** Reads an HTTP/1.1 connection. A request is held at its head; a reply is complete with its body. */
export class HttpCodec implements Codec {
  readonly #requests = new HttpFrames();
  readonly #replies = new HttpFrames();
  readonly #waiting: (Exchange & { readonly method: string })[] = [];
  #replyText = "";

  get awaitsReply(): boolean {
    return this.#waiting.length > 0;
  }

  requests(chunk: Uint8Array): RequestPart[] {
    const parts: RequestPart[] = [];
    for (const event of this.#requests.read(chunk, (head) => bodyOf(head))) {
      if (event.head === undefined) {
        parts.push({ end: event.end });
        continue;
      }
      const [method = "", target = ""] = event.head.start.split(" ");
      // A client that takes the socket for a proxy sends the whole address (RFC 9112 section 3.2.2).
      const path = target.replace(/^https?:\/\/[^/]*/, "") || "/";
      const exchange = {
        method,
        name: `${method} ${path.split("?")[0]}`,
        text: `${method} ${path}`,
      };
      this.#waiting.push(exchange);
      parts.push({ end: event.end, exchange });
    }
    return parts;
  }

  replies(chunk: Uint8Array): ReplyPart[] {
    const parts: ReplyPart[] = [];
    for (
      const event of this.#replies.read(
        chunk,
        (head) => this.#bodyOfReply(head),
      )
    ) {
      if (event.head) {
        this.#replyText = event.head.start.split(" ")[1] ?? "";
        if (event.head.fields.has(DROP_HEADER)) {
          parts.push({
            end: event.end,
            completes: this.#waiting.shift(),
            text: "reply dropped",
            isDropped: true,
          });
          return parts;
        }
      }
      if (!event.isLast) continue;
      if (isInterim(this.#replyText)) {
        parts.push({ end: event.end });
        continue;
      }
      if (this.#replyText === "101") this.#requests.becomeTunnel();
      parts.push({
        end: event.end,
        completes: this.#waiting.shift(),
        text: this.#replyText,
      });
    }
    return parts;
  }

  /** RFC 9112 section 6.3. */
  #bodyOfReply(head: HttpHead): HttpBody {
    const status = head.start.split(" ")[1] ?? "";
    if (status === "101") return "tunnel";
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

function bodyOf({ fields }: HttpHead): HttpBody {
  if (fields.get("transfer-encoding")?.toLowerCase().includes("chunked")) {
    return "chunked";
  }
  return Number(fields.get("content-length") ?? 0) || 0;
}

function isInterim(status: string): boolean {
  return status.startsWith("1") && status !== "101";
}
