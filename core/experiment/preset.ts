import type { JsonValue as Json } from '../run/json.js';

/** A plugin in a preset, with the options that differ from its defaults. */
export interface PluginUse {
  readonly plugin: string;
  readonly options: Readonly<Record<string, Json>>;
}

/** Names a plugin and its options in a preset. */
export function use(plugin: string, options: Readonly<Record<string, Json>> = {}): PluginUse {
  return { plugin, options };
}

/** Another reading of the same experiment: values by path, set on top of the preset. */
export interface Variant {
  readonly summary: string;
  readonly set: Readonly<Record<string, Json>>;
}

/** Sizes of a profile for experiments that are unlike the others; they replace the profile's own. */
export interface ProfileAdaptation {
  readonly updates?: number;
  readonly batch?: number;
  /** Values by path, beside those of the profile. */
  readonly set?: Readonly<Record<string, Json>>;
}

export interface PresetDefinition {
  readonly name: string;
  /** Other names it answers to. */
  readonly aliases?: readonly string[];
  /** One sentence: the experiment. */
  readonly summary: string;
  /** Anything else that is worth knowing of it, for those who show it: where it is documented, say. */
  readonly about?: Readonly<Record<string, Json>>;
  /** A preset that it builds on: its plugins come first. */
  readonly extends?: string;
  /** Updates of the main phase. */
  readonly updates?: number;
  /** Examples in a batch. */
  readonly batch?: number;
  readonly plugins: readonly PluginUse[];
  readonly variants?: Readonly<Record<string, Variant>>;
  /** What a profile of this name is for this experiment and those that extend it. */
  readonly profiles?: Readonly<Record<string, ProfileAdaptation>>;
  /** A part that other presets extend; not an experiment of its own. */
  readonly abstract?: boolean;
}

export type Preset = Required<Omit<PresetDefinition, 'extends' | 'updates' | 'batch'>> &
  Pick<PresetDefinition, 'extends' | 'updates' | 'batch'> & { readonly ncnPreset: 1 };

/** Declares a preset: one experiment as a list of plugins with options. */
export function definePreset(definition: PresetDefinition): Preset {
  return {
    aliases: [],
    about: {},
    variants: {},
    profiles: {},
    abstract: false,
    ...definition,
    ncnPreset: 1,
  };
}

/** Makes any experiment smaller (or larger) while it stays the same experiment. */
export interface ProfileDefinition {
  readonly name: string;
  readonly summary: string;
  /** Updates of the main phase; every other update number shrinks by the same ratio. */
  readonly updates?: number;
  readonly batch?: number;
  /** Values by path; those of plugins that a preset does not use are left out. */
  readonly set: Readonly<Record<string, Json>>;
}

export type Profile = ProfileDefinition & { readonly ncnProfile: 1 };

export function defineProfile(definition: ProfileDefinition): Profile {
  return { ...definition, ncnProfile: 1 };
}

const marked = (value: unknown, mark: string): boolean =>
  typeof value === 'object' && value !== null && Reflect.get(value, mark) === 1;

export const isPreset = (value: unknown): value is Preset => marked(value, 'ncnPreset');
export const isProfile = (value: unknown): value is Profile => marked(value, 'ncnProfile');
