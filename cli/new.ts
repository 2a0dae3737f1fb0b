import { relative } from 'node:path';
import { ExitCode } from '../core/errors/error.js';
import { unknownScaffold } from '../lab/errors/scaffold.js';
import { writePackage } from '../lab/scaffold/write.js';
import { Terminal } from '../core/services/terminal.js';
import type { GlobalOptions } from './context.js';

/** `ncn new plugin|preset NAME`: a small package that works at once. */
export async function newCommand(
  { json = false }: GlobalOptions,
  kind: string,
  name: string,
): Promise<ExitCode> {
  if (kind !== 'plugin' && kind !== 'preset') throw unknownScaffold(kind);
  const { folder, files } = await writePackage(kind, name);
  const short = `./${relative(process.cwd(), folder)}`;
  const run =
    kind === 'plugin'
      ? `npx ncn --preset conditional_v5 --plugin ${short} --profile quick`
      : `npx ncn --preset ${short} --profile quick`;
  new Terminal(json ? 'json' : 'human').result(
    [
      `${short}: ${files.join(', ')}`,
      `  test it: (cd ${short} && npm test)`,
      `  run it:  ${run}`,
    ].join('\n'),
    { folder, files, run },
  );
  return ExitCode.ok;
}
