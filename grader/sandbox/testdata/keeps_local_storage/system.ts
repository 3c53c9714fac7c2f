export default () => ({
  fetch() {
    const visits = Number(localStorage.getItem("visits") ?? 0) + 1;
    localStorage.setItem("visits", String(visits));
    return new Response(String(visits));
  },
});
