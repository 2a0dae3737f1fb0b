import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { fences } from '../../docs/build/fences.js';
import { markdownIn, read, root } from './documents.js';

/** The generated pages show sources that are compiled anyway, and a test compares them. */
const documents = ['README.md', 'README.ko.md', ...markdownIn('docs')].filter(
  (path) => !path.startsWith(join('docs', 'reference')),
);

const blocks = documents.flatMap((path) =>
  fences(read(path)).flatMap(({ language, code, line }) =>
    language === 'ts' ? [{ at: `${path}:${line}`, code }] : [],
  ),
);

const types = 'test/types/plugin-api.ts';
const mark = '@ts-expect-error';

/** Files that exist for the compiler only: examples of documents, and the type tests unprotected. */
const virtual = new Map([
  ...blocks.map(({ code }, i) => [join(root, 'examples', `document-${i}.ts`), code] as const),
  [join(root, 'test/types/unprotected.ts'), read(types).replaceAll(mark, 'wrong')] as const,
]);

function diagnose(): ts.Diagnostic[] {
  const config = ts.parseJsonConfigFileContent(
    ts.parseConfigFileTextToJson('tsconfig.json', read('tsconfig.json')).config,
    ts.sys,
    root,
  );
  const host = ts.createCompilerHost(config.options);
  const disk = { ...host };
  host.fileExists = (path) => virtual.has(path) || disk.fileExists(path);
  host.readFile = (path) => virtual.get(path) ?? disk.readFile(path);
  host.getSourceFile = (path, options, ...more) => {
    const text = virtual.get(path);
    return text === undefined
      ? disk.getSourceFile(path, options, ...more)
      : ts.createSourceFile(path, text, options);
  };
  const program = ts.createProgram([...virtual.keys()], config.options, host);
  return [...virtual.keys()].flatMap((path) => {
    const file = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  });
}

const found = diagnose().map(({ file, start = 0, messageText }) => ({
  file: file?.fileName ?? '',
  line: file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1,
  text: ts.flattenDiagnosticMessageText(messageText, '\n'),
}));

test('the TypeScript examples of all documents compile', () => {
  expect(blocks.length).toBeGreaterThan(0);
  const wrong = found.flatMap(({ file, line, text }) => {
    const index = /document-(\d+)\.ts$/.exec(file)?.[1];
    return index === undefined ? [] : [`${blocks[Number(index)]?.at ?? ''} + ${line}: ${text}`];
  });
  expect(wrong).toEqual([]);
});

test('wrong use of the public types does not compile, exactly where the type tests say', () => {
  const lines = read(types).split('\n');
  const expected = lines.flatMap((line, i) => (line.includes(`// ${mark}`) ? [i + 2] : []));
  const errors = found.filter(({ file }) => file.endsWith('unprotected.ts'));
  expect(expected.length).toBeGreaterThan(10);
  expect([...new Set(errors.map(({ line }) => line))].sort((a, b) => a - b)).toEqual(expected);
});
