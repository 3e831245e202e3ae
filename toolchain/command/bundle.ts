import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const NAME = "pulumi-resource-command";

// "exec": the engine's signals must reach node, and its process id must be the plugin's.
const SHIM = `#!/bin/sh
exec node "\${0%/*}/${NAME}.cjs" "$@"
`;

/**
 * Writes the plugin's folder: one JavaScript file that needs nothing but Node, and the executable that starts it.
 * `pulumi plugin install resource command 1.2.1 --file <outDir>` installs it.
 */
export async function bundleCommandPlugin(outDir: string): Promise<void> {
  await build({
    entryPoints: [join(__dirname, "main.ts")],
    outfile: join(outDir, `${NAME}.cjs`),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    minify: true,
    // ssh2 does without its native parts; it tries to load them.
    external: ["cpu-features", "*.node"],
    logLevel: "error",
  });
  await writeFile(join(outDir, NAME), SHIM, { mode: 0o755 });
}
