export default () => ({
  async fetch() {
    const line = "x".repeat(10_000);
    while (await Promise.resolve(true)) console.log(line);
    return new Response();
  },
});
