import { expect, test } from 'vitest';
import { progressLine, type Progress } from '../../../core/services/progress-line.js';

const progress: Progress = {
  phase: 'main',
  update: 300,
  totalUpdates: 1200,
  metrics: [
    ['content', 0.0123],
    ['adversarial', 0.6931],
  ],
  updatesPerSecond: 4.5,
};

test('without a terminal everything is there, and no bar', () => {
  expect(progressLine(progress)).toBe(
    'main  300/1,200 25 %  content 0.0123  adversarial 0.6931  4.50 updates/s, 3 min 20 s left',
  );
});

test('a line is never as wide as the terminal, and what matters least goes first', () => {
  for (let columns = 1; columns <= 200; columns++) {
    expect(progressLine(progress, columns).length).toBeLessThan(columns);
  }
  expect(progressLine(progress, 120)).toContain('━━━━━━──');
  expect(progressLine(progress, 100)).toContain('adversarial');
  expect(progressLine(progress, 70)).not.toContain('adversarial');
  expect(progressLine(progress, 70)).toContain('content 0.0123');
  expect(progressLine(progress, 20)).toBe('main  300/1,200 25 ');
});

test('before a speed is known, the time left is unknown', () => {
  expect(progressLine({ ...progress, updatesPerSecond: 0 })).toContain(
    '0.00 updates/s, unknown left',
  );
});
