import { ExitCode } from '../core/errors/error.js';
import { experimentSchema } from '../core/experiment/json-schema.js';
import { openContext, type ExperimentOptions } from './context.js';

/** `ncn schema > ncn.schema.json`: JSON Schema of preset and configuration files. */
export async function schemaCommand(options: ExperimentOptions): Promise<ExitCode> {
  const { terminal, loader, library, configFile } = await openContext(options);
  const plugins = (await loader.listBuiltIn()).map(({ plugin }) => plugin);
  for (const { plugin } of configFile?.plugins ?? []) {
    plugins.push((await loader.load(plugin, configFile?.folder)).plugin);
  }
  for (const spec of options.plugin ?? []) plugins.push((await loader.load(spec)).plugin);
  const schema = experimentSchema(plugins, {
    presets: ['protocol', ...library.list().map(({ name }) => name)],
    profiles: library.listProfiles().map(({ name }) => name),
  });
  terminal.result(JSON.stringify(schema, null, 2), schema);
  return ExitCode.ok;
}
