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
  readonly redis: ProvisionedBinary & {
    /** "7.0.15" */
    readonly version: string;
  };
  /**
   * Folder for the sockets and small files of runs; others can pass through it. Goes away with its owner. Never
   * below /dev, where Deno lets no sandboxed program read.
   */
  readonly runDir: string;
}

/** A program that was found, or fetched into the kit's folder. */
export interface ProvisionedBinary {
  readonly binary: string;
  /** LD_LIBRARY_PATH that it needs; empty for an installed one. */
  readonly libraryPath: string;
}

export interface ProvisionOptions {
  /** Told what is under way whenever it may take longer than a second. */
  readonly onProgress?: (message: string) => void;
  readonly signal?: AbortSignal;
}
