export default () => ({
  fetch() {
    Deno.kill(Deno.pid, "SIGKILL");
    return new Response();
  },
});
