Deno.exit(0);

export default () => ({ fetch: () => new Response() });
