/**
 * Makes the browser's part of the pages, dist/lab/report/page/: the program of
 * lab/report/client with its chart library in one file, and the styles.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const root = resolve(import.meta.dirname, '../../..');
const client = join(root, 'lab/report/client');
const target = join(root, 'dist/lab/report/page');

const bundle = await rolldown({
  input: join(client, 'main.ts'),
  platform: 'browser',
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  tsconfig: join(client, 'tsconfig.json'),
});
const { output } = await bundle.generate({ format: 'iife', minify: true, comments: false });
await bundle.close();
// An HTML parser ends a script at this tag, even inside a string.
const program = output[0].code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');

const styles = (await readdir(client)).filter((name) => name.endsWith('.css')).sort();
const css = await Promise.all(styles.map((name) => readFile(join(client, name), 'utf8')));
await mkdir(target, { recursive: true });
await writeFile(join(target, 'client.js'), program);
await writeFile(join(target, 'page.css'), css.join('\n'));
