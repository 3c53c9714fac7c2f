import type { Codec } from "./codec.ts";
import { HttpCodec } from "./http_codec.ts";
import { PostgresCodec } from "./postgres_codec.ts";
import { RedisCodec } from "./redis_codec.ts";
import type { WireProtocol } from "./types.ts";

/** A reader for one new connection. */
export function openCodec(protocol: WireProtocol): Codec {
  return CODECS[protocol]();
}

const CODECS: Readonly<Record<WireProtocol, () => Codec>> = {
  redis: () => new RedisCodec(),
  postgres: () => new PostgresCodec(),
  http: () => new HttpCodec(),
  raw: () => RAW,
};

const RAW: Codec = {
  requests: (chunk) => [{ end: chunk.length }],
  replies: (chunk) => [{ end: chunk.length }],
  awaitsReply: false,
};
