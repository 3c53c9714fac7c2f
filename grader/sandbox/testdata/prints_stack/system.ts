import { Hono } from "hono";

/** A framework's error handler prints the stack and answers for itself. */
export default () =>
  new Hono().get("/", () => {
    throw new RangeError("limit is negative");
  });
