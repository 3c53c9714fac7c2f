/** Owner of every cluster of ours. */
export const SUPERUSER = "trestle";

/** Each run has a role named like its database, and can connect to nothing else. */
export const RUN_ACCESS = `
local all       ${SUPERUSER}  scram-sha-256
local sameuser  all      scram-sha-256
`;

/** Everybody who has a password: the server, and workers with fewer rights. */
export const KIT_ACCESS = `
local all       all      scram-sha-256
`;

/** Passwords are 128 random bits: more rounds would cost each connection 3 ms and protect nothing. */
export const FEW_SCRAM_ROUNDS = "scram_iterations=1";

const COMMON = `
listen_addresses = ''
timezone = 'UTC'
log_timezone = 'UTC'
shared_memory_type = mmap
# In the data folder, not in /dev/shm, where a killed server would leave it.
dynamic_shared_memory_type = mmap
huge_pages = off
jit = off
${FEW_SCRAM_ROUNDS}
update_process_title = off
`;

/** Nothing here outlives the run, so nothing waits for a disk. */
export const RUN_SETTINGS = `${COMMON}
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 128MB
checkpoint_timeout = 1h
# No processes beside the ones that work; no vacuum that starts in the middle of a check.
io_method = sync
autovacuum = off
max_connections = 300
shared_buffers = 64MB
temp_file_limit = 256MB
# The learner's errors belong to the learner: a loop of them would fill memory with log.
log_min_messages = fatal
search_path = 'app, kit, pg_catalog'
`;

/** Grades: every committed row survives a power cut. */
export const KIT_SETTINGS = `${COMMON}
max_connections = 100
shared_buffers = 64MB
`;
