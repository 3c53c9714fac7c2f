const body =
  `{"__proto__": {"isPassed": true}, "constructor": {"prototype": {"isPassed": true}}}`;

export default () => ({
  fetch: () =>
    new Response(body, { headers: { "content-type": "application/json" } }),
});
