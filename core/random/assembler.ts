/** Bytes of WebAssembly (Core Specification 2.0, chapter 5): what modules here are written with. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => {
    readonly exports: Readonly<Record<string, unknown>>;
  };
};

export const type = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b } as const;

/** LEB128; signed where it is a constant. */
export function number(value: number, signed = false): number[] {
  const bytes: number[] = [];
  for (let rest = value; ;) {
    const byte = ((rest % 128) + 128) % 128;
    rest = Math.floor(rest / 128);
    const last = signed ? (rest === 0 && byte < 64) || (rest === -1 && byte >= 64) : rest === 0;
    bytes.push(last ? byte : byte | 0x80);
    if (last) return bytes;
  }
}

export const get = (variable: number): number[] => [0x20, ...number(variable)];
export const set = (variable: number): number[] => [0x21, ...number(variable)];
export const constant = (value: number): number[] => [0x41, ...number(value | 0, true)];
export const constant64 = (value: number): number[] => [0x42, ...number(value, true)];
export const add = 0x6a;

/** variable += by */
export const increase = (variable: number, by: number): number[] => [
  ...[...get(variable), ...constant(by), add],
  ...set(variable),
];

/** do { body; } while (variable); */
export const repeat = (body: readonly number[], variable: number): number[] => [
  ...[0x03, 0x40],
  ...body,
  ...[...get(variable), 0x0d, 0],
  0x0b,
];

export interface WrittenFunction {
  readonly parameters: readonly number[];
  /** Runs of variables of the same type, after the parameters. */
  readonly variables: readonly (readonly [count: number, type: number])[];
  readonly body: readonly number[];
}

/** A module of one function without a result, and one page of memory (64 KiB). */
export function start({ parameters, variables, body }: WrittenFunction): {
  readonly call: (...given: number[]) => void;
  readonly memory: ArrayBuffer;
} {
  const list = (items: readonly (readonly number[])[]): number[] => [
    ...number(items.length),
    ...items.flat(),
  ];
  const sized = (bytes: readonly number[]): number[] => [...number(bytes.length), ...bytes];
  const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)];
  const named = (name: string, kind: number): number[] => [
    ...sized([...Buffer.from(name)]),
    kind,
    0,
  ];
  const bytes = Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list([[0x60, ...list(parameters.map((one) => [one])), 0]])),
    ...section(3, list([[0]])),
    ...section(5, list([[1, 1, 1]])),
    ...section(7, list([named('call', 0), named('memory', 2)])),
    ...section(10, list([sized([...list(variables), ...body, 0x0b])])),
  ]);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const { call, memory } = exports as {
    call: (...given: number[]) => void;
    memory: { buffer: ArrayBuffer };
  };
  return { call, memory: memory.buffer };
}
