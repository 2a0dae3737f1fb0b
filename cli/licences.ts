import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The package that a file of `node_modules` belongs to. */
export function packageOf(file: string): string | undefined {
  return /.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1];
}

/** Writes the licences of packages of which parts come with the package. @param root of the package */
export async function writeLicences(
  target: string,
  root: string,
  packages: Iterable<string>,
): Promise<void> {
  const licences = await Promise.all([...packages].sort().map((name) => licenceOf(root, name)));
  await writeFile(target, licences.join(`\n\n${'-'.repeat(80)}\n\n`));
}

/** A package's name, version and licence, with the texts that it brings. */
async function licenceOf(root: string, name: string): Promise<string> {
  const folder = join(root, 'node_modules', name);
  const about: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const field = (key: string): string =>
    typeof about === 'object' && about !== null ? String(Reflect.get(about, key)) : '';
  const files = (await readdir(folder)).filter((file) =>
    /^(licen[cs]e|notice)([.]\w+)?$/i.test(file),
  );
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return [`${name} ${field('version')}, ${field('license')}`, ...texts].join('\n\n');
}
