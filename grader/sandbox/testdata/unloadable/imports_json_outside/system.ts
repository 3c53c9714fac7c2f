import config from "../../../../../deno.json" with { type: "json" };

export default () => ({ fetch: () => Response.json(config) });
