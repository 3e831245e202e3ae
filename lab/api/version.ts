/** The release that the lab imitates. */
export const VERSION = { version: "9.1.3", release: "9.1", repoid: "d7cb1b1f5cbd2c1d" } as const;
