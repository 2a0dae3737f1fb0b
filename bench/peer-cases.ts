import { resolve } from 'node:path';
import type { Contestant } from './tables.js';

const folder = resolve(import.meta.dirname, '../../bench/peers');
const apart = ['unet', 'resnet'];

/** Options that say which work it is, and at what size, to a program of bench/ or bench/peers. */
function workOptions(work: string, size: string): string[] {
  const [batch = '', seconds = '3'] = size.split('x');
  const sized = ['--batch', batch];
  if (!work.startsWith('speech')) return ['--work', work.replace('quick-', ''), ...sized];
  const form = work === 'speech-tcn' ? 'tcn' : 'crn';
  const wide = work === 'speech-wide' ? ['--wide'] : [];
  return [...sized, '--length', seconds, '--form', form, ...wide];
}

function torchScript(work: string): string {
  if (work.startsWith('speech')) return 'torch_speech.py';
  return apart.includes(work) ? 'torch_apart.py' : 'torch_updates.py';
}

/** Whether a work is by `ncn/engine` alone. */
export const isApart = (work: string): boolean => apart.includes(work);

/**
 * Program and options of a case, behind the contestant's command; or why it has none.
 * @param size examples, or examples x seconds
 */
export function caseOf(contestant: Contestant, work: string, size: string): string[] | string {
  const options = workOptions(work, size);
  const quick = work.startsWith('quick-');
  if (contestant.kind === 'engine') {
    if (isApart(work)) {
      const script = resolve(import.meta.dirname, 'apart-case.js');
      return [script, ...options, '--engine', contestant.name];
    }
    const script = [resolve(import.meta.dirname, 'case.js'), '--engine', contestant.name];
    if (!work.startsWith('speech')) {
      return [...script, ...options, ...(quick ? ['--profile', 'quick'] : [])];
    }
    return [...script, '--work', 'training', '--preset', 'speech_cnn_v1', ...options];
  }
  const sized = [...options, ...(quick ? ['--quick'] : [])];
  if (contestant.kind === 'jax') {
    if (torchScript(work) !== 'torch_updates.py') return 'not written in JAX';
    return [resolve(folder, 'jax_updates.py'), ...sized];
  }
  const { layout = 'nchw', compiled = false } = contestant;
  const how = ['--layout', layout, ...(compiled ? ['--compile'] : [])];
  return [resolve(folder, torchScript(work)), ...sized, ...how];
}
