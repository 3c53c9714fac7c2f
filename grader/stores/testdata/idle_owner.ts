/** Starts a process that does nothing, says its pid, and waits to be killed. */
import { startOwnedProcess } from "../owned_process.ts";
import { makeRunFolder } from "../run_folder.ts";

const { path: runDir } = await makeRunFolder();
const idle = await startOwnedProcess({
  command: ["sleep", "600"],
  runDir,
  logFile: "/dev/null",
  stopSignal: "SIGKILL",
});
console.log(idle.pid);
setInterval(() => {}, 60_000);
