export const app = { fetch: () => new Response("ok") };
