export default () => ({
  async fetch() {
    await Deno.writeTextFile("/tmp/trestle-sandbox-escape", "escaped");
    return new Response("written");
  },
});
