/**
 * Reports as text for a terminal: pure functions.
 *
 * @module
 */
export { renderFailure, type RenderFailureOptions } from "./render_failure.ts";
