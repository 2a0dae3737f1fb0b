import { pageNotOurs } from './errors/report.js';
import { readIfThere } from './files.js';

/**
 * The text of a page that ncn writes, before it is written again; empty where there is none.
 * @param isOurs whether ncn may write what a text was read from
 * @throws NcnError `NCN_REPORT_OVERWRITE` where something else is there
 */
export async function readOwnPage(
  path: string,
  isOurs: (text: string) => boolean,
): Promise<string> {
  const text = (await readIfThere(path))?.toString('utf8') ?? '';
  if (text.trim() !== '' && !isOurs(text)) throw pageNotOurs(path);
  return text;
}
