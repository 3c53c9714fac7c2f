// The chosen theme, if any, before the first paint; models/theme.ts does the rest.
const theme = localStorage.getItem("trestle-theme");
if (theme === "light" || theme === "dark") {
  document.documentElement.dataset.theme = theme;
}
