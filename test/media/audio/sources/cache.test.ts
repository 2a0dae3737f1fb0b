import { expect, test } from 'vitest';
import { SoundCache } from '../../../../media/audio/sources/cache.js';

/** A cache for ten samples, and what was read because it was not there. */
function cacheOf() {
  const cache = new SoundCache(40);
  const asked: string[] = [];
  const get = (name: string, length = 4): Promise<Float32Array> =>
    cache.get(name, () => {
      asked.push(name);
      return Promise.resolve(new Float32Array(length));
    });
  return { cache, asked, get };
}

test('what was used longest ago gives way', async () => {
  const { asked, get } = cacheOf();
  for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await get(name);
  expect(asked).toEqual(['a', 'b', 'c', 'b']);
});

test('who asks at the same time waits for the one reading', async () => {
  const { asked, get } = cacheOf();
  const [first, second] = await Promise.all([get('a'), get('a')]);
  expect(first).toBe(second);
  expect(asked).toEqual(['a']);
});

test('a sound that is too large is given and not kept', async () => {
  const { asked, get } = cacheOf();
  await get('small');
  expect(await get('large', 11)).toHaveLength(11);
  await get('large', 11);
  await get('small');
  expect(asked).toEqual(['small', 'large', 'large']);
});

test('a failure is not kept', async () => {
  const { cache, get } = cacheOf();
  await expect(cache.get('a', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  expect(await get('a')).toHaveLength(4);
});
