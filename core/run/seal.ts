import { createHash } from 'node:crypto';
import { canonicalJson, type JsonObject } from './json.js';

/** The values that a run's numbers depend on, by path, with their hash. */
export interface ConfigurationSeal {
  /** Of the canonical JSON of the values. */
  readonly sha256: string;
  readonly values: JsonObject;
}

/** @throws NcnError where a value is not JSON */
export function sealOf(values: JsonObject): ConfigurationSeal {
  return { sha256: createHash('sha256').update(canonicalJson(values)).digest('hex'), values };
}
