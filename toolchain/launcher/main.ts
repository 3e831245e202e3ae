import { wordsOf } from "./errors";
import { leftOutInWords, settingsFor } from "./settings";

/** Prints, for the shell script that started this, what to export and with which arguments to go on. */
settingsFor(process.argv.slice(2))
  .then(({ variables, args, leftOut }) => {
    for (const guest of leftOut) process.stderr.write(`${leftOutInWords(guest)}\n`);
    const lines = Object.entries(variables).map(
      ([name, value]) => `export ${name}=${quote(value)}`,
    );
    process.stdout.write(`${lines.join("\n")}\nset -- ${args.map(quote).join(" ")}\n`);
    // An answer that is still awaited is of no use any more.
    process.exit(0);
  })
  .catch((error: unknown) => {
    process.stderr.write(`${wordsOf(error)}\n`);
    process.exit(1);
  });

function quote(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}
