import { soundsOf, type Manifest } from './manifest.js';

const names: Readonly<Record<string, string>> = {
  speech: 'speech',
  music: 'music',
  noise: 'noise',
  rir: 'responses of rooms',
};

/** For each kind and source, who made the sounds and under which licence they may be used. */
export function licenceLines(manifest: Manifest): string[] {
  return manifest.sources.map(({ kind, repo, licence, attribution, files }) => {
    const makers =
      attribution ??
      [...new Set(files.map((file) => collectionOf(file.attribution ?? '')))].join('; ');
    const count = `${files.length} file${files.length === 1 ? '' : 's'}`;
    return `${names[kind] ?? kind}: ${makers} (${count} of github.com/${repo}), ${licence}`;
  });
}

/** Without the number of the clip: there are many. */
const collectionOf = (attribution: string): string =>
  attribution.replace(/; Freesound clip \d+$/, '');

/** The text of LICENSES.md in the folder of the corpus. */
export function licencesText(manifest: Manifest): string {
  const each = soundsOf(manifest)
    .filter(({ kind }) => kind === 'music' || kind === 'noise')
    .map(({ file, attribution, licence }) => `* ${file}: ${attribution ?? ''}; ${licence}`);
  return [
    '# Sounds of the speech corpus: sources and licences',
    '',
    'Each file is listed in files.json with repository, commit, path, licence and attribution.',
    'Music and noise were decoded, mixed to one channel, cut, resampled to 16 kHz and scaled.',
    '',
    ...licenceLines(manifest).map((line) => `* ${line}`),
    '',
    'Creative Commons licences: https://creativecommons.org/licenses/. MIT: the LICENSE file of the repository.',
    '',
    '## Music and noise',
    '',
    ...each,
    '',
  ].join('\n');
}
