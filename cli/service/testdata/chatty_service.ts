/** A service that logs more than a pipe holds, then ends. */
for (let number = 0; number < 5_000; number++) {
  console.error(JSON.stringify({ level: "info", event: "line", number }));
}
