import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { fromRoot } from './source.js';

export const reportPath = 'docs/reference/ncn.api.md';

/** The report of the public entry, from the built declarations. */
export function apiReport(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ncn-api-'));
  const quiet = { default: { logLevel: ExtractorLogLevel.None } };
  try {
    const config = ExtractorConfig.prepare({
      configObject: {
        projectFolder: fromRoot('.'),
        mainEntryPointFilePath: fromRoot('dist/core/index.d.ts'),
        newlineKind: 'lf',
        compiler: { tsconfigFilePath: fromRoot('tsconfig.json') },
        apiReport: {
          enabled: true,
          reportFolder: folder,
          reportTempFolder: join(folder, 'new'),
          reportFileName: 'ncn',
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        messages: {
          compilerMessageReporting: quiet,
          extractorMessageReporting: {
            ...quiet,
            'ae-forgotten-export': { logLevel: ExtractorLogLevel.None, addToApiReportFile: true },
          },
          tsdocMessageReporting: quiet,
        },
      },
      configObjectFullPath: fromRoot('api-extractor.json'),
      packageJsonFullPath: fromRoot('package.json'),
    });
    Extractor.invoke(config, { localBuild: true, messageCallback: (m) => (m.handled = true) });
    return readFileSync(join(folder, 'new', 'ncn.api.md'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
