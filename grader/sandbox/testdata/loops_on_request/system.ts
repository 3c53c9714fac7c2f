export default () => ({
  async fetch() {
    while (await Promise.resolve(true));
    return new Response();
  },
});
