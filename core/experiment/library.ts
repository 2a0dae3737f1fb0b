import { circularPreset, unknownPreset, unknownProfile } from '../errors/config.js';
import { importDefault, ModuleFolder } from '../modules/folder.js';
import { isPreset, isProfile, type Preset, type Profile } from './preset.js';

/** All presets and profiles: those that come with ncn, and those that a caller adds. */
export class PresetLibrary {
  private readonly presets = new Map<string, Preset>();
  private readonly profiles = new Map<string, Profile>();

  /** Reads every file of the folder `presets/`. */
  static async load(): Promise<PresetLibrary> {
    const library = new PresetLibrary();
    for (const file of new ModuleFolder('presets').list().values()) {
      const found = await importDefault(file);
      if (isPreset(found)) library.add(found);
      if (isProfile(found)) library.profiles.set(found.name, found);
    }
    return library;
  }

  add(preset: Preset): void {
    this.presets.set(preset.name, preset);
  }

  /** The experiments, without the parts that they share. */
  list(): Preset[] {
    return [...this.presets.values()].filter((preset) => !preset.abstract);
  }

  listProfiles(): Profile[] {
    return [...this.profiles.values()];
  }

  /** By name or alias. @throws NcnError with the nearest name */
  preset(name: string): Preset {
    const found =
      this.presets.get(name) ?? [...this.presets.values()].find((p) => p.aliases.includes(name));
    if (found !== undefined) return found;
    throw unknownPreset(
      name,
      this.list().flatMap((preset) => [preset.name, ...preset.aliases]),
    );
  }

  profile(name: string): Profile {
    const found = this.profiles.get(name);
    if (found === undefined) throw unknownProfile(name, this.profiles.keys());
    return found;
  }

  /** The preset and what it extends, the most general first. */
  lineage(name: string): Preset[] {
    const line: Preset[] = [];
    for (let next: string | undefined = name; next !== undefined;) {
      const preset = this.preset(next);
      if (line.includes(preset)) throw circularPreset([...line.map((p) => p.name), next]);
      line.unshift(preset);
      next = preset.extends;
    }
    return line;
  }
}
