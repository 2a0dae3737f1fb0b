import { expect, test } from 'vitest';
import { contentPolicy } from '../../../lab/report/page.js';

/** A policy by directive. */
const policy = (served: boolean): Record<string, string> =>
  Object.fromEntries(
    contentPolicy('1 + 1', served)
      .split('; ')
      .map((part) => [part.split(' ')[0] ?? '', part.split(' ').slice(1).join(' ')]),
  );

test('a file loads pictures and sounds that it holds, and nothing else', () => {
  expect(policy(false)).toMatchObject({
    'default-src': "'none'",
    'img-src': 'data:',
    'media-src': 'data:',
    'connect-src': "'none'",
    // printf '1 + 1' | openssl dgst -sha256 -binary | base64
    'script-src': "'sha256-cvzllEegH0iLEWnS10JnnP4waol3LWf+8Bi8/pVDH2g='",
  });
});

test('a page that is served may ask its own server too', () => {
  const { 'img-src': images, 'media-src': sounds, 'connect-src': requests } = policy(true);
  expect([images, sounds, requests]).toEqual(["data: 'self'", "data: 'self'", "'self'"]);
});
