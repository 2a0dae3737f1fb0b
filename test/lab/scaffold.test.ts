import { mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { writePackage } from '../../lab/scaffold/write.js';
import { loadPlugin, loadPreset, tinyRun } from '../../lab/testing/index.js';

const root = resolve(import.meta.dirname, '../..');

/** What the compiler says of a new package, with the package's own settings. */
function complaintsOf(folder: string): string[] {
  const own = JSON.parse(readFileSync(join(folder, 'tsconfig.json'), 'utf8')) as {
    compilerOptions: object;
  };
  const { paths } = (
    JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as {
      compilerOptions: { paths: Record<string, readonly string[]> };
    }
  ).compilerOptions;
  const entries = Object.entries(paths).map(
    ([name, files]) => [name, files.map((file) => join(root, file))] as const,
  );
  const { options, errors } = ts.convertCompilerOptionsFromJson(
    {
      ...own.compilerOptions,
      paths: Object.fromEntries(entries),
      typeRoots: [join(root, 'node_modules/@types')],
    },
    folder,
  );
  expect(errors).toEqual([]);
  const files = ['src/index.ts', 'test/index.test.mjs'].map((file) => join(folder, file));
  const program = ts.createProgram(files, options);
  return files
    .flatMap((file) => {
      const source = program.getSourceFile(file);
      return [
        ...program.getSyntacticDiagnostics(source),
        ...program.getSemanticDiagnostics(source),
      ];
    })
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

const place = (name: string): string => join(mkdtempSync(join(tmpdir(), 'ncn-new-')), name);

test('a new plugin compiles, and is a term of the loss', async () => {
  const { folder } = await writePackage('plugin', place('my-loss'));
  expect(complaintsOf(folder)).toEqual([]);
  const plugin = await loadPlugin(folder);
  const values = { 'my-loss.weight': 0.5 };
  const { metrics } = await tinyRun({ plugins: [plugin], values, updates: 2 });
  for (const update of metrics) {
    const [term, content, loss] = ['my-loss', 'content', 'loss'].map(
      (name) => update.get(`generator/${name}`) ?? NaN,
    );
    expect(term).toBeGreaterThan(0);
    expect(loss).toBeCloseTo((content ?? NaN) + 0.5 * (term ?? NaN), 5);
  }
});

test('a new preset compiles, and trains', async () => {
  const { folder } = await writePackage('preset', place('my-preset'));
  expect(complaintsOf(folder)).toEqual([]);
  expect((await loadPreset(folder)).name).toBe('my_preset');
  const { metrics } = await tinyRun({ preset: folder, updates: 1 });
  expect(metrics[0]?.get('discriminator/discrimination')).toBeGreaterThan(0);
});

test('a place where no folder can be made is told as that', async () => {
  const broken = place('broken');
  symlinkSync(place('nowhere'), broken);
  await expect(writePackage('plugin', broken)).rejects.toMatchObject({ code: 'NCN_RUN_MISSING' });
  const loop = place('loop');
  symlinkSync(loop, loop);
  await expect(writePackage('plugin', loop)).rejects.toMatchObject({ code: 'NCN_RUN_IO' });
  const long = place('a'.repeat(400));
  await expect(writePackage('preset', long)).rejects.toMatchObject({ code: 'NCN_RUN_IO', exit: 7 });
});
