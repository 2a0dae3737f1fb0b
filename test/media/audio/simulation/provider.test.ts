import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { speechProvider } from '../../../../media/audio/simulation/provider.js';
import { contextOf, temporaryFolder } from '../../image/data/fixtures.js';

test('a folder is named behind a colon or with --data, and not in two ways', async () => {
  const dir = await temporaryFolder();
  for (const kind of ['speech', 'music', 'noise']) await mkdir(join(dir, kind));
  const sizes = { clips: 1, testClips: 1, seconds: 1, cutSeconds: 1, rooms: 1, seed: 1 };
  const provider = speechProvider({ ...sizes, evaluate: 'test' }, await contextOf());
  const other = await temporaryFolder();
  for (const name of [`speech:${other}`, `auto:${other}`]) {
    await expect(provider.load({ name })).rejects.toMatchObject({ code: 'NCN_SPEECH_FOLDER' });
    await expect(provider.load({ name, dir })).rejects.toMatchObject({
      code: 'NCN_DATA_TWO_FOLDERS',
    });
  }
});
