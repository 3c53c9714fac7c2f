export default () => ({
  async fetch() {
    Deno.listen({ port: 0 });
    return await Promise.resolve(new Response("listening"));
  },
});
