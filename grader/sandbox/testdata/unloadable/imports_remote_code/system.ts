import { payload } from "https://example.com/payload.ts";

export default () => ({ fetch: () => new Response(payload) });
