export default () => ({
  async fetch() {
    return new Response(await Deno.readTextFile("/proc/self/environ"));
  },
});
