/** Whom a request is counted for. */
import { createHash } from "node:crypto";

/** Who chooses names may choose long ones, and we keep one for each client. */
const KEY_CHARACTERS_MAX = 40;

/** The API key; else the address that the edge proxy saw; prefixed, so that a key that looks like an address is another client. */
export function clientOf(headers: Headers): string {
  const apiKey = headers.get("x-api-key");
  if (apiKey) return `key:${short(apiKey)}`;
  // The edge appends the address that it saw. All entries left of it came with the request: anybody can write them.
  const address = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();
  if (!address) return "address:unknown";
  return `address:${address.includes(":") ? network(address) : address}`;
}

function short(apiKey: string): string {
  if (apiKey.length <= KEY_CHARACTERS_MAX) return apiKey;
  const digest = createHash("sha256").update(apiKey).digest("base64url");
  return `hash:${digest}`;
}

/** The first 64 bits of an IPv6 address. A household owns all 2^64 addresses below them, so a count for each is no limit. */
function network(address: string): string {
  const [head = "", tail = ""] = address.split("::");
  const left = groups(head);
  const right = groups(tail);
  const zeros = Array<number>(Math.max(0, 8 - left.length - right.length));
  return [...left, ...zeros.fill(0), ...right].slice(0, 4)
    .map((group) => group.toString(16)).join(":");
}

function groups(text: string): number[] {
  return text === "" ? [] : text.split(":").map((group) => parseInt(group, 16));
}
