/** The steps of the log that nobody may come between: Lua for `redis.eval`. */

// TODO 05.7: append, poll and commit.
export {};
