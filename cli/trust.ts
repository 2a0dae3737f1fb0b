import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { createInterface } from 'node:readline/promises';
import envPaths from 'env-paths';
import { z } from 'zod';
import { parseJson } from '../core/run/json.js';
import { pluginsNotTrusted } from './errors/trust.js';

/** Code that a run folder names. */
export interface ForeignCode {
  /** Of the run. */
  readonly directory: string;
  /** Files of its plugins, absolute. */
  readonly files: readonly string[];
}

/** How the list was kept before. */
const listSchema = z.object({ format: z.literal(1), files: z.array(z.string()) });

/**
 * Lets a run's plugins be loaded, or not: those of the working directory's project and those that the
 * command line names are the user's own, as are those that the user has trained with or said yes to
 * before. For others the user is asked, or must say so.
 * @param named files of plugins on the command line
 * @throws NcnError naming the files
 */
export async function permitCode(
  { directory, files }: ForeignCode,
  named: readonly string[],
  all: boolean,
  interactive: boolean,
): Promise<void> {
  const known = new Set([...named, ...trusted()]);
  const foreign = files.filter((file) => !isOwn(file, directory) && !known.has(file));
  if (foreign.length === 0) return;
  if (!all && !(interactive && (await agreed(directory, foreign)))) {
    throw pluginsNotTrusted(directory, foreign);
  }
  trustPlugins(foreign);
}

/** Remembers plugins from outside of the project that the user named, for runs that name them. */
export function trustPlugins(files: readonly string[]): void {
  const before = trusted();
  const fresh = files.filter((file) => !before.includes(file) && !isOwn(file));
  if (fresh.length === 0) return;
  try {
    mkdirSync(inConfig('.'), { recursive: true });
    // At the end, in one piece: another process may write now, too.
    appendFileSync(inConfig('trusted-plugins.jsonl'), fresh.map(asLine).join(''));
  } catch {
    // A home that cannot be written to: it will be asked again.
  }
}

const inConfig = (name: string): string => join(envPaths('ncn', { suffix: '' }).config, name);

/** A line before it that was cut off stays alone. */
const asLine = (file: string): string => `\n${JSON.stringify(file)}\n`;

function trusted(): readonly string[] {
  const lines = textOf('trusted-plugins.jsonl').split('\n').map(parsed);
  const list = listSchema.safeParse(parsed(textOf('trusted-plugins.json')));
  const files = lines.filter((line) => typeof line === 'string');
  return list.success ? [...list.data.files, ...files] : files;
}

/** Empty where there is none. */
function textOf(name: string): string {
  try {
    return readFileSync(inConfig(name), 'utf8');
  } catch {
    return '';
  }
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** Whether a file is of the working directory's project. What a run folder brings along is not. */
function isOwn(file: string, run?: string): boolean {
  const inside = (folder: string): boolean => file.startsWith(folder + sep);
  return inside(projectOf(process.cwd())) && (run === undefined || !inside(resolve(run)));
}

/** The nearest folder above that is a project; the folder itself where none is. */
function projectOf(folder: string): string {
  const marks = ['package.json', '.git', 'ncn.config.ts', 'ncn.config.js', 'ncn.config.json'];
  for (let at = folder; ; at = dirname(at)) {
    if (marks.some((mark) => existsSync(join(at, mark)))) return at;
    if (dirname(at) === at) return folder;
  }
}

async function agreed(directory: string, files: readonly string[]): Promise<boolean> {
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const list = files.map((file) => `  ${file}\n`).join('');
    const answer = await ask.question(
      `${directory} runs code from outside of this project:\n${list}Load it, now and from now on? (y/N) `,
    );
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    ask.close();
  }
}
