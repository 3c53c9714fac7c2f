import type { Context } from "@contract/system.ts";

/** A worker has a `fetch` that the host did not replace. */
export default ({ config }: Context) => ({
  fetch() {
    const code = `
      const client = Deno.createHttpClient({ proxy: { url: "http://127.0.0.1:${config.port}" } });
      fetch("http://localhost/", { client })
        .then((answer) => postMessage("connected " + answer.status), (error) => postMessage("refused: " + error));
    `;
    const url = `data:text/javascript,${encodeURIComponent(code)}`;
    const worker = new Worker(url, { type: "module" });
    return new Promise<Response>((resolve) => {
      worker.onmessage = ({ data }) => resolve(new Response(data));
      worker.onerror = (event) => {
        event.preventDefault();
        resolve(new Response(`refused: ${event.message}`));
      };
    });
  },
});
