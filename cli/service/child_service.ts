import { join } from "node:path";
import { TextLineStream } from "./text_lines.ts";
import { PROJECT_DIR } from "../../grader/workshops.ts";
