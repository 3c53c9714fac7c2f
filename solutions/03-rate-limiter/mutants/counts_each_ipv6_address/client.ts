/** Whom a request is counted for. */
export function clientOf(headers: Headers): string {
  const apiKey = headers.get("x-api-key");
  if (apiKey) return `key:${apiKey}`;
  const address = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();
  return `address:${address?.toLowerCase() ?? "unknown"}`;
}
