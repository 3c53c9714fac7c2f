export default () => ({
  async fetch() {
    await new Deno.Command("/bin/sh", { args: ["-c", "id"] }).output();
    return new Response("started");
  },
});
