export default () => ({
  async fetch() {
    const { open, url } = await import("node:inspector");
    open(0, "127.0.0.1");
    return new Response(url());
  },
});
