export default () => ({
  async fetch() {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    return await Promise.resolve(new Response());
  },
});
