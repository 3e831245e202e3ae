import { Command, CommanderError } from "commander";
import { OpsError } from "./errors";
import { preflight } from "./preflight";
import { resume } from "./resume";
import { ensureStack, remains } from "./stack";
import { summary } from "./summary";
import { rotateToken } from "./token";

const program = new Command("ops")
  .description("What operators do besides pulumi preview and pulumi up.")
  .exitOverride();

const stackOption = ["--stack <name>", "the stack", process.env.PULUMI_STACK ?? "dev"] as const;

program
  .command("begin")
  .description(
    "what make does before a run: make the lab's stack if it is missing, resume, preflight",
  )
  .option(...stackOption)
  .action(async ({ stack }: { stack: string }) => {
    await resume(stack);
    await ensureStack(stack);
    await preflight(stack);
  });

program
  .command("resume")
  .description(
    "clean up after a run that was cut short: its lock, its processes, its half-done creates",
  )
  .option(...stackOption)
  .action((options: { stack: string }) => resume(options.stack));

program
  .command("preflight")
  .description("check, without changing anything, that the next run can work")
  .option(...stackOption)
  .action((options: { stack: string }) => preflight(options.stack));

program
  .command("summary")
  .description("show what the stack has built and where to look at it")
  .option(...stackOption)
  .action((options: { stack: string }) => summary(options.stack));

program
  .command("remains")
  .description("say what pulumi destroy leaves as it is")
  .option(...stackOption)
  .action((options: { stack: string }) => remains(options.stack));

const token = program.command("token").description("the API token that the stack works with");
token
  .command("rotate")
  .description(
    "make a new secret for the token; also the remedy when the token was lost or deleted",
  )
  .option(...stackOption)
  .action((options: { stack: string }) => rotateToken(options.stack));

program.parseAsync().catch((error: Error) => {
  if (error instanceof CommanderError) process.exit(error.exitCode);
  process.stderr.write(`${error instanceof OpsError ? error.message : error.stack}\n`);
  process.exit(1);
});
