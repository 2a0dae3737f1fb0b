import { version } from '../../core/version.js';
import type { PackageNames } from './names.js';

/** `package.json`: the source is what is published; ncn loads TypeScript. */
export function packageJson(kind: 'plugin' | 'preset', names: PackageNames): string {
  const about = {
    name: names.package,
    version: '0.1.0',
    description: `A ${kind} for ncn`,
    keywords: ['ncn', `ncn-${kind}`],
    license: 'MIT',
    type: 'module',
    exports: './src/index.ts',
    files: ['src'],
    scripts: { test: 'node --test test/index.test.mjs', types: 'tsc' },
    peerDependencies: { ncn: `^${version}` },
    devDependencies: { '@types/node': '^20.19.43', typescript: '^6.0.0' },
  };
  return `${JSON.stringify(about, null, 2)}\n`;
}

export const tsconfig = `${JSON.stringify(
  {
    compilerOptions: {
      target: 'ES2023',
      lib: ['ES2023'],
      module: 'NodeNext',
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      verbatimModuleSyntax: true,
      skipLibCheck: true,
      allowJs: true,
      checkJs: true,
      types: ['node'],
      noEmit: true,
    },
    include: ['src', 'test'],
  },
  null,
  2,
)}\n`;

export const gitignore = 'node_modules/\nruns/\n';
