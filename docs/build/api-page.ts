import { relative } from 'node:path';
import ts from 'typescript';
import { fromRoot } from './source.js';

/**
 * The API reference, from the declarations of the built public entry: every export with its
 * docstring, by the module that it comes from.
 */
export function apiPage(): string {
  const entry = fromRoot('dist/core/index.d.ts');
  const program = ts.createProgram([entry], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    types: ['node'],
    skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${entry} is missing: build first.`);
  const sections = new Map<string, string[]>();
  for (const exported of checker.getExportsOfModule(module)) {
    const alias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
    const symbol = alias ? checker.getAliasedSymbol(exported) : exported;
    const [declaration] = symbol.declarations ?? [];
    const file = declaration?.getSourceFile().fileName ?? '';
    const own = file.startsWith(fromRoot('dist/'));
    const title = own
      ? relative(fromRoot('dist'), file).replace(/\.d\.ts$/, '')
      : 'from other packages';
    const entries = sections.get(title) ?? [];
    entries.push(entryOf(exported.name, own ? declaration : undefined));
    sections.set(title, entries);
  }
  const parts = [...sections]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, entries]) => `## ${title}\n\n${entries.join('\n\n')}`);
  const about =
    "Everything that plugins and presets may import from `'ncn'`. A test compares this page, and the report in [ncn.api.md](ncn.api.md), with the source.";
  return `# API reference\n\n${about}\n\n${parts.join('\n\n')}`;
}

function entryOf(name: string, declaration: ts.Declaration | undefined): string {
  if (declaration === undefined) {
    const known = {
      z: '[Zod](https://zod.dev)',
      tf: '[tf.js](https://js.tensorflow.org/api/latest/)',
    };
    const about: unknown = Reflect.get(known, name);
    return `### \`${name}\`\n\n${typeof about === 'string' ? about : 'another package'}, the copy that ncn uses.`;
  }
  // A variable's docstring and keywords stand at the statement around it.
  const whole = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  const file = whole.getSourceFile();
  const text = file.text.slice(whole.getStart(file, true), whole.end);
  return `### \`${name}\`\n\n\`\`\`typescript\n${text.replaceAll(/^export (declare )?/gm, '')}\n\`\`\``;
}
