import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { messageOf } from '../errors/error.js';
import { fileSystemRefused, invalidJsonFile } from '../errors/run.js';
import { firstIssue, parseJson, type JsonValue } from './json.js';

/**
 * Reads a JSON file.
 * @throws NcnError `NCN_RUN_MISSING`, … where it cannot be read, `NCN_RUN_INVALID_JSON` where it
 * is not JSON or not what the schema asks for
 */
export async function readJsonFile(path: string): Promise<JsonValue>;
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>): Promise<T>;
export async function readJsonFile<T>(path: string, schema?: z.ZodType<T>): Promise<T | JsonValue> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw fileSystemRefused('read', path, error);
  }
  let value: JsonValue;
  try {
    value = parseJson(text);
  } catch (error) {
    throw invalidJsonFile(path, `not JSON (${messageOf(error)})`, error);
  }
  if (schema === undefined) return value;
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalidJsonFile(path, firstIssue(parsed.error), parsed.error);
  return parsed.data;
}
