export default () => ({
  async fetch() {
    return new Response(await Deno.readTextFile("/etc/passwd"));
  },
});
