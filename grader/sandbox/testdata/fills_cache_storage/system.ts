export default () => ({
  async fetch() {
    const cache = await caches.open("all");
    const megabyte = new Uint8Array(1024 * 1024);
    for (let file = 0; file < 1e4; file++) {
      await cache.put(`http://x/${file}`, new Response(megabyte));
    }
    return new Response("filled");
  },
});
