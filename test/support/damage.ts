import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';

/** What may have become of a file of JSON, by name. */
export const damages: Readonly<Record<string, (file: string) => void>> = {
  empty: (file) => writeFileSync(file, ''),
  cut: (file) => truncateSync(file, Math.floor(readFileSync(file).length / 2)),
  binary: (file) => writeFileSync(file, Buffer.from([0x00, 0xff, 0xfe, 0x80, 0x7b, 0x0a, 0xc3])),
  'the word null': (file) => writeFileSync(file, 'null\n'),
  'a list': (file) => writeFileSync(file, '[1, "two", {}]\n'),
  'of other types': (file) =>
    writeFileSync(file, '{"state": 7, "results": "all", "time": [], "format": "2", "pid": "x"}\n'),
  gone: (file) => rmSync(file),
};
