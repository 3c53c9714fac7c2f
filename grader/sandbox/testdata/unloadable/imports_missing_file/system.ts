import { bucket } from "./bucket.ts";

export default () => ({ fetch: () => new Response(bucket) });
