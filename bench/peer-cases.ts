import { resolve } from 'node:path';
import type { Contestant } from './tables.js';

const folder = resolve(import.meta.dirname, '../../bench/peers');

/** Which of the peers' programs does a work, and how it is told which. */
export function peerOf(work: string): string[] {
  if (work.startsWith('speech')) return [resolve(folder, 'torch_speech.py')];
  const quick = work.startsWith('quick-');
  const name = work.replace('quick-', '');
  return [resolve(folder, 'torch_updates.py'), '--work', name, ...(quick ? ['--quick'] : [])];
}

/** Options of a case of bench/case.ts or of a peer. @param size examples, or examples x seconds */
export function caseOf(contestant: Contestant, work: string, size: string): string[] {
  const [batch = '', seconds = '3'] = size.split('x');
  const sized = ['--batch', batch];
  const sound = [
    ...['--length', seconds, '--form', work === 'speech-tcn' ? 'tcn' : 'crn'],
    ...(work === 'speech-wide' ? ['--wide'] : []),
  ];
  if (contestant.peer === true) {
    const how = [
      '--layout',
      contestant.layout ?? 'nchw',
      ...(contestant.compiled ? ['--compile'] : []),
    ];
    return [...peerOf(work), ...sized, ...how, ...(work.startsWith('speech') ? sound : [])];
  }
  if (work.startsWith('speech')) {
    return ['--work', 'training', '--preset', 'speech_cnn_v1', ...sized, ...sound];
  }
  const quick = work.startsWith('quick-');
  return ['--work', work.replace('quick-', ''), ...sized, ...(quick ? ['--profile', 'quick'] : [])];
}
