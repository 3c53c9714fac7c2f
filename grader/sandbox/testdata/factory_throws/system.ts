import { readLimit } from "./limit.ts";

export default function system() {
  const limit = readLimit(undefined);
  return { fetch: () => new Response(String(limit)) };
}
