import { stripVTControlCharacters } from 'node:util';

/** Without what a terminal would obey: texts of files and plugins may come from anywhere. */
export const harmless = (text: string): string =>
  stripVTControlCharacters(text).replaceAll(/(?!\n)[\p{Cc}\p{Cf}]/gu, '');

/** The same in one line, for tables and lists. */
export const inOneLine = (text: string): string => harmless(text.replaceAll(/\s*[\r\n]+\s*/g, ' '));
