import { PresetLibrary } from '../experiment/library.js';
import { PluginLoader } from '../plugins/loader.js';
import { createLog } from '../services/log.js';
import { Terminal } from '../services/terminal.js';
import type { Host } from '../trainer/build/prepare.js';
import type { ChangeOptions } from './types.js';

/** What experiments are resolved and run with; callers that open many may share it. */
export interface Surroundings extends Host {
  readonly library: PresetLibrary;
  readonly loader: PluginLoader;
}

/** For a caller that is a program: nothing is printed. */
export async function silentSurroundings({
  onLog,
  datasets = new Map(),
}: ChangeOptions): Promise<Surroundings> {
  const terminal = new Terminal('silent');
  const log = createLog(terminal, onLog);
  const library = await PresetLibrary.load();
  return { terminal, log, library, loader: new PluginLoader(), datasets };
}
