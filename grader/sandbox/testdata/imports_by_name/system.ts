import { Hono } from "hono";
import { getCookie } from "hono/cookie";
import postgres from "postgres";
import { createClient, RESP_TYPES } from "redis";

/** Says which of its imports are what they should be. */
export default () => ({
  fetch: () =>
    Response.json([
      typeof Hono,
      typeof getCookie,
      typeof postgres,
      typeof createClient,
      typeof RESP_TYPES,
    ]),
});
