export default () => ({
  async fetch() {
    return Response.json(await Deno.resolveDns("example.com", "A"));
  },
});
