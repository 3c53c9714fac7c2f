while (true);
export default () => ({ fetch: () => new Response() });
