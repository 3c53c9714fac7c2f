/** Where the throw-away stores are, as data that crosses a process border. */

/** Enough for another process to use a running Postgres and to start Redis servers of its own. */
export interface StoresAddress {
  readonly postgres: {
    /** Folder of the unix socket `.s.PGSQL.<port>`. */
    readonly socketDir: string;
    readonly port: number;
    readonly superuser: string;
    readonly password: string;
    /** The database that run databases are cloned from. */
    readonly template: string;
  };
  readonly redis: {
    readonly binary: string;
    /** Extra LD_LIBRARY_PATH, empty for an installed server. */
    readonly libraryPath: string;
  };
  /** Folder for run files: memory-backed where there is one. */
  readonly runDir: string;
}
