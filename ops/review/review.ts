import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stackFileName } from "../../toolchain/launcher/stackFile";
import { OpsError } from "../errors";
import type { Stack } from "../stack";
import { conclude, eventLog } from "./conclude";
import { cleanEnvironment, siteEnvironment } from "./environment";
import { labOptions } from "./hosts";
import { emptySite, makePlace, type Place, removePlace, removePlaceLater } from "./place";
import { fenced, lastLines } from "./reports";
import { type Outcome, Runner } from "./runner";
import { onSignal } from "./signals";
import { PLACEHOLDER, sealedIn, withSecrets } from "./stackFiles";
import { type Base, checkOutBase, copyHead, equip, findBase } from "./trees";
import type { Verdict } from "./verdict";

export interface ReviewOptions {
  base: string;
  /** Where the reports go. */
  out: string;
  say(text: string): void;
}

/** Only to have pulumi seal something with the review's key. */
const SEALED = "proxmox-ha:sealed";

/** Which of a review's trees a program works in, and with which site. */
type Pulumi = (tree: string, args: string[], extra?: NodeJS.ProcessEnv) => Promise<Outcome>;

/**
 * What the work tree would change: its base commit is brought up on a lab of its own, and the work tree previewed against
 * that. Nothing of it touches the clone's lab or state, or any real host.
 */
export async function review(
  stack: Stack,
  { base: ref, out, say }: ReviewOptions,
): Promise<Verdict> {
  const runner = new Runner();
  const base = await findBase(runner, stack.root, ref);
  const place = makePlace(stack.root);
  const forget = onSignal(() => {
    runner.end();
    removePlaceLater(place);
    process.exit(130);
  });
  try {
    say(`the base is ${base.commit.slice(0, 10)} (${ref}); what is reviewed is the work tree`);
    await checkOutBase(runner, place, base.commit);
    await copyHead(runner, place);
    await equip(runner, stack.root, place.head);
    const note = await bringUpBase(runner, place, stack, base, say);
    say(`previewing the work tree, judged by its own policies${note ? ", on an empty lab" : ""}`);
    return await previewHead(runner, place, stack, { out, note, say });
  } finally {
    forget();
    removePlace(place);
  }
}

/** Undefined when the base runs; else what to tell about it, and the lab is empty. */
async function bringUpBase(
  runner: Runner,
  place: Place,
  stack: Stack,
  { commit, ref }: Base,
  say: (text: string) => void,
): Promise<string | undefined> {
  const started = Date.now();
  const file = stackFileName(stack.name);
  await startLab(runner, place, stack);
  const isNew = !existsSync(join(place.base, file));
  say(
    isNew
      ? `the base has no ${file}, so all of it is new`
      : "bringing the base up on a lab of its own",
  );
  const reason = isNew ? undefined : await upOf(runner, place, stack);
  if (!isNew && reason === undefined) {
    say(`the base is up after ${Math.round((Date.now() - started) / 1000)} s`);
    return undefined;
  }
  if (reason !== undefined) {
    await startLab(runner, place, stack);
    say(`the base could not be brought up:\n${reason}`);
  }
  await initStack(runner, place, stack, [place.head]);
  const words = reason === undefined ? "" : `\n\n${fenced(reason).join("\n")}`;
  const name = `\`${commit.slice(0, 10)}\` (${ref})`;
  return isNew
    ? `The base ${name} has no \`${file}\`: everything is new.`
    : `The base ${name} could not be brought up, so this shows the site as on an empty lab: everything is new.${words}`;
}

async function startLab(runner: Runner, place: Place, stack: Stack): Promise<void> {
  emptySite(place);
  const options = labOptions([place.base, place.head], stack.name);
  const args = ["--require", "tsx/cjs", "lab/cli.ts", "--dir", place.lab, "start", ...options];
  const { code, text } = await runner.run(process.execPath, args, { cwd: place.root });
  if (code !== 0) throw new OpsError(`The lab of this review did not start:\n${text.trim()}`);
}

/** Why the base did not come up. Its policies are not asked: it is what it is. */
async function upOf(runner: Runner, place: Place, stack: Stack): Promise<string | undefined> {
  try {
    await equip(runner, place.root, place.base);
    await initStack(runner, place, stack, [place.base, place.head]);
  } catch (error) {
    if (!(error instanceof OpsError)) throw error;
    return lastLines(error.message);
  }
  const args = ["up", "--yes", "--skip-preview", "--suppress-outputs", "--suppress-progress"];
  const { code, text } = await pulumiIn(runner, place, stack)(place.base, args);
  return code === 0 ? undefined : lastLines(text);
}

/** Makes the stack in a state of its own. Secrets are replaced in the trees' copies of its file, the same in each. */
async function initStack(
  runner: Runner,
  place: Place,
  stack: Stack,
  trees: string[],
): Promise<void> {
  const [first = place.head] = trees;
  const pulumi = pulumiIn(runner, place, stack);
  const must = async (args: string[]): Promise<void> => {
    const { code, text } = await pulumi(first, args);
    if (code !== 0) throw new OpsError(text.trim());
  };
  const files = trees.map((tree) => join(tree, stackFileName(stack.name))).filter(existsSync);
  const texts = files.map((file) => readFileSync(file, "utf8"));
  const own = join(first, stackFileName(stack.name));
  rmSync(own, { force: true });
  await must(["stack", "init", stack.name]);
  await must(["config", "set", "--secret", SEALED, PLACEHOLDER]);
  const sealed = sealedIn(readFileSync(own, "utf8"), SEALED);
  files.forEach((file, index) => {
    writeFileSync(file, withSecrets(texts[index] ?? "", sealed));
  });
}

async function previewHead(
  runner: Runner,
  place: Place,
  stack: Stack,
  { out, note, say }: { out: string; note: string | undefined; say(text: string): void },
): Promise<Verdict> {
  const events = eventLog(out);
  const env = { PULUMI_DEBUG_COMMANDS: "true", PROXMOX_HA_REVIEW: "1" };
  // What is there is what was built a moment ago.
  const args = ["preview", "--refresh=false", "--policy-pack", "policy", "--event-log", events];
  const pulumi = pulumiIn(runner, place, stack);
  const { code, text } = await pulumi(
    place.head,
    [...args, "--suppress-outputs", "--suppress-progress"],
    env,
  );
  return conclude(runner, { stack, tree: place.head, out, note, code, text, say });
}

function pulumiIn(runner: Runner, place: Place, { name }: Stack): Pulumi {
  const site = siteEnvironment(place, name);
  return (tree, args, extra = {}) =>
    runner.run(
      join(tree, "toolchain/bin/pulumi"),
      [...args, "--non-interactive", "--color", "never"],
      {
        cwd: tree,
        env: { ...cleanEnvironment(process.env), ...site, ...extra },
      },
    );
}
