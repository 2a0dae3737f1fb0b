import type { z } from 'zod';
import type { configFileSchema } from './preset-schema.js';

/** Type of the default export of `ncn.config.ts`. */
export type ConfigFileDefinition = Readonly<z.input<typeof configFileSchema>>;

/** Declares `ncn.config.ts`: plugins, presets and values for every command run in its folder. */
export function defineConfig(definition: ConfigFileDefinition): ConfigFileDefinition {
  return definition;
}
