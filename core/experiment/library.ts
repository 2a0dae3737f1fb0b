import { dirname } from 'node:path';
import { circularPreset, unknownPreset, unknownProfile } from '../errors/config.js';
import { duplicatePreset } from '../errors/loading.js';
import { isPath, locateForeign, neighbours, type ForeignModule } from '../modules/foreign.js';
import { packagePresets } from './preset-index.js';
import type { Preset, Profile } from './preset.js';

/** All presets and profiles: those that come with ncn, and those that a caller adds. */
export class PresetLibrary {
  private readonly presets = new Map<string, Preset>();
  private readonly profiles = new Map<string, Profile>();
  /** Presets from outside ncn: the file of each. */
  private readonly files = new Map<Preset, string>();

  private constructor(private readonly cwd: string) {}

  /**
   * With what the folder `presets/` holds.
   * @param cwd folder that relative paths and packages are looked up from
   */
  static async load(cwd: string = process.cwd()): Promise<PresetLibrary> {
    const library = new PresetLibrary(cwd);
    const { presets, profiles } = await packagePresets();
    presets.forEach((preset) => library.add(preset));
    profiles.forEach((profile) => library.addProfile(profile));
    return library;
  }

  add(preset: Preset): void {
    this.presets.set(preset.name, preset);
  }

  addProfile(profile: Profile): void {
    this.profiles.set(profile.name, profile);
  }

  /**
   * Makes a preset known by its name, alias, path or package, and with it what it extends.
   * @param base folder that relative paths are looked up from, if not the library's own
   * @returns its name
   * @throws NcnError when there is none, or it does not load, or its name is taken
   */
  async open(spec: string, base: string = this.cwd): Promise<string> {
    const known = this.find(spec);
    if (known !== undefined) return known.name;
    const found = this.locate(spec, base);
    const opened = [...this.files].find(([, file]) => file === found.file);
    if (opened !== undefined) return opened[0].name;
    // Few need what reads and checks one.
    const { readPreset } = await import('./checked-preset.js');
    const preset = await readPreset(found.file);
    const other = this.find(preset.name);
    if (other !== undefined) {
      throw duplicatePreset(preset.name, found.file, this.files.get(other) ?? 'one of ncn');
    }
    this.add(preset);
    this.files.set(preset, found.file);
    if (preset.extends === undefined) return preset.name;
    const parent = await this.open(preset.extends, dirname(found.file));
    if (parent === preset.extends) return preset.name;
    const linked: Preset = { ...preset, extends: parent };
    this.add(linked);
    this.files.delete(preset);
    this.files.set(linked, found.file);
    return preset.name;
  }

  /** Whether one is known by this name or alias. */
  has(name: string): boolean {
    return this.find(name) !== undefined;
  }

  /** As `open`, without loading anything. @throws NcnError where it would find none */
  check(spec: string): void {
    if (!this.has(spec)) this.locate(spec, this.cwd);
  }

  /** The folder that paths in a preset are relative to; undefined for those of ncn. */
  folderOf(preset: Preset): string | undefined {
    const file = this.files.get(preset);
    return file === undefined ? undefined : dirname(file);
  }

  /** Files of a preset and of what it extends, the most general first; ncn's own are left out. */
  filesOf(name: string): string[] {
    return this.lineage(name).flatMap((preset) => this.files.get(preset) ?? []);
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
    const found = this.find(name);
    if (found !== undefined) return found;
    throw unknownPreset(name, this.names());
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

  /** @throws NcnError where there is no such preset, and no file or package of the name */
  private locate(spec: string, base: string): ForeignModule {
    const searched: string[] = [];
    const found = locateForeign(spec, base, searched);
    if (found !== undefined) return found;
    const tried = isPath(spec) ? searched : [];
    throw unknownPreset(spec, this.names(), tried, neighbours(spec, base));
  }

  private find(name: string): Preset | undefined {
    return (
      this.presets.get(name) ?? [...this.presets.values()].find((p) => p.aliases.includes(name))
    );
  }

  private names(): string[] {
    return this.list().flatMap((preset) => [preset.name, ...preset.aliases]);
  }
}
