export default () => ({
  async fetch() {
    const { execSync } = await import("node:child_process");
    return new Response(execSync("id"));
  },
});
