import type { EngineSession, HostTensor, ProgramOutputs } from '../core/engine/types.js';

/** A session that computes nothing: what is left of a run's time is the framework's. */
export class IdleSession implements EngineSession {
  readonly engine = { name: 'idle', version: '', device: 'nothing is computed' };
  write(): Promise<void> {
    return Promise.resolve();
  }
  read(): Promise<Map<string, HostTensor>> {
    return Promise.resolve(new Map<string, HostTensor>());
  }
  prepare(): Promise<void> {
    return Promise.resolve();
  }
  run(): Promise<ProgramOutputs> {
    const names = [
      'generator/loss',
      'generator/content',
      'generator/adversarial',
      'discriminator/loss',
    ];
    const one = { shape: [], data: Float32Array.of(0.5) };
    return Promise.resolve({ read: () => Promise.resolve(new Map(names.map((n) => [n, one]))) });
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
